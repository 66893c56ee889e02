# The service alone, without anything that only its making needs. Runs as the user 10001, writes only
# to /var/lib/peerage (the state), and so works with a read-only root:
#   docker run --read-only --cap-drop ALL -v ./peerage.yaml:/etc/peerage/peerage.yaml:ro \
#     -v peerage:/var/lib/peerage peerage

FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /opt/peerage
COPY --from=build /build/package.json /build/LICENSE /build/peerage.schema.json ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/bin bin
COPY --from=build /build/dist dist
COPY --from=build /build/sample sample
COPY --from=build /build/asterisk asterisk
RUN ln -s /opt/peerage/bin/peerage.js /usr/local/bin/peerage \
 && install -d -o 10001 -g 10001 -m 0700 /var/lib/peerage
USER 10001:10001
VOLUME /var/lib/peerage
EXPOSE 8070 8080
# Asks through the control socket, wherever `listen` says that others ask. The start has no probe of
# its own: an answer from yesterday's people is healthy.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["peerage", "health"]
CMD ["peerage", "serve"]
