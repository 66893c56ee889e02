/** At the door, and for whom it stays shut. */
export const signInWords = {
  en: {
    signIn: 'Sign in',
    signOut: 'Sign out',
    password: 'Password',
    signInHint:
      'As in the directory. The password of superadmin was printed once, at the first start.',
    refusedWrong:
      'The name or the password is wrong, or there were too many attempts. After several failures, wait some minutes. Where there are several directories, write user@domain.',
    refusedLocked:
      'Your account is locked after too many wrong passwords. Wait until it is unlocked by itself, or ask your help desk.',
    refusedDisabled: 'Your account is disabled. Please ask your help desk.',
    refusedExpired: 'Your account has expired. Please ask your help desk.',
    refusedPasswordExpired:
      'Your password has expired. Change it where you usually do (on your computer), then sign in here.',
    refusedMustChange:
      'You must change your password first. Do so where you usually do (on your computer), then sign in here.',
    refusedNotNow:
      'Your account may not sign in at this time or from here. Please ask your help desk.',
    refusedUnavailable:
      'The directory does not answer at the moment. Please try again in a few minutes.',
    refusedTooMany: 'There were too many attempts from here. Please try again in some minutes.',
  },
  de: {
    signIn: 'Anmelden',
    signOut: 'Abmelden',
    password: 'Kennwort',
    signInHint:
      'Wie im Verzeichnis. Das Kennwort von superadmin wurde einmal ausgegeben, beim ersten Start.',
    refusedWrong:
      'Der Name oder das Kennwort ist falsch, oder es waren zu viele Versuche. Warten Sie nach mehreren Fehlern einige Minuten. Gibt es mehrere Verzeichnisse, schreiben Sie name@domäne.',
    refusedLocked:
      'Ihr Konto ist nach zu vielen falschen Kennwörtern gesperrt. Warten Sie, bis es von selbst frei wird, oder fragen Sie Ihre Benutzerbetreuung.',
    refusedDisabled: 'Ihr Konto ist gesperrt. Bitte fragen Sie Ihre Benutzerbetreuung.',
    refusedExpired: 'Ihr Konto ist abgelaufen. Bitte fragen Sie Ihre Benutzerbetreuung.',
    refusedPasswordExpired:
      'Ihr Kennwort ist abgelaufen. Ändern Sie es, wo Sie es sonst tun (an Ihrem Rechner), und melden Sie sich dann hier an.',
    refusedMustChange:
      'Sie müssen erst Ihr Kennwort ändern. Tun Sie das, wo Sie es sonst tun (an Ihrem Rechner), und melden Sie sich dann hier an.',
    refusedNotNow:
      'Ihr Konto darf sich zu dieser Zeit oder von hier nicht anmelden. Bitte fragen Sie Ihre Benutzerbetreuung.',
    refusedUnavailable:
      'Das Verzeichnis antwortet zurzeit nicht. Bitte versuchen Sie es in einigen Minuten noch einmal.',
    refusedTooMany: 'Von hier kamen zu viele Versuche. Bitte versuchen Sie es in einigen Minuten.',
  },
} as const
