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
      'Anmeldename und Kennwort wie im Verzeichnis. Das Kennwort von superadmin wurde beim ersten Start einmal ausgegeben.',
    refusedWrong:
      'Der Name oder das Kennwort ist falsch, oder es gab zu viele Versuche. Warten Sie nach mehreren Fehlversuchen einige Minuten. Gibt es mehrere Verzeichnisse, schreiben Sie name@domäne.',
    refusedLocked:
      'Ihr Konto ist nach zu vielen falschen Kennwörtern gesperrt. Warten Sie, bis es von selbst entsperrt wird, oder wenden Sie sich an Ihren Helpdesk.',
    refusedDisabled: 'Ihr Konto ist gesperrt. Bitte wenden Sie sich an Ihren Helpdesk.',
    refusedExpired: 'Ihr Konto ist abgelaufen. Bitte wenden Sie sich an Ihren Helpdesk.',
    refusedPasswordExpired:
      'Ihr Kennwort ist abgelaufen. Ändern Sie es dort, wo Sie es sonst ändern (an Ihrem Rechner), und melden Sie sich dann hier an.',
    refusedMustChange:
      'Sie müssen zuerst Ihr Kennwort ändern. Ändern Sie es dort, wo Sie es sonst ändern (an Ihrem Rechner), und melden Sie sich dann hier an.',
    refusedNotNow:
      'Mit Ihrem Konto ist die Anmeldung zu dieser Zeit oder von hier aus nicht erlaubt. Bitte wenden Sie sich an Ihren Helpdesk.',
    refusedUnavailable:
      'Das Verzeichnis antwortet zurzeit nicht. Bitte versuchen Sie es in einigen Minuten noch einmal.',
    refusedTooMany:
      'Von hier kamen zu viele Versuche. Bitte versuchen Sie es in einigen Minuten noch einmal.',
  },
} as const
