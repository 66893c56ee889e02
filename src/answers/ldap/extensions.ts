/** Extended operations that are known here (RFC 4511, 4.14, and RFC 4532). */
export const startTlsId = '1.3.6.1.4.1.1466.20037'
export const whoAmIId = '1.3.6.1.4.1.4203.1.11.3'
