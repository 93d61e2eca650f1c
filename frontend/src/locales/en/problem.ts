/** Our words for the stable codes of the API; where one is missing, the server's own text is shown. */
export const problem = {
  unknown: 'Something went wrong.',
  unreachable: 'The server can’t be reached. Check the connection and try again.',
  unavailable: 'The server is not available at the moment. Please try again soon.',
  invalid_credentials: 'These do not match an account that can sign in.',
  too_many_attempts: 'Too many attempts. Please wait a little before the next one.',
  rate_limited: 'Too many requests. Please wait a little.',
  /** The same where the server says how long to wait, which is told in the next sentence. */
  until: {
    too_many_attempts: 'Too many attempts.',
    rate_limited: 'Too many requests.',
  },
  again: {
    seconds: { one: 'Try again in {count} second.', other: 'Try again in {count} seconds.' },
    minutes: { one: 'Try again in {count} minute.', other: 'Try again in {count} minutes.' },
  },
  registration_closed: 'Registration is closed here.',
  permission_denied: 'Your roles do not allow this.',
  privilege_escalation: 'This would reach beyond your own permissions.',
  impersonation_refused:
    'This can’t be done in somebody’s name: it is theirs alone, or takes a proof of who does it.',
  last_admin: 'This is the last active administrator, and one must remain.',
  protected_role: 'This role is built in and can’t be changed.',
  precondition_failed: 'Somebody changed this meanwhile.',
  email_taken: 'Another account has this email.',
  username_taken: 'Another account has this username.',
  role_name_taken: 'Another role has this name.',
  unknown_role: 'There is no such role.',
  /* How long one has to be, and what makes it weak, the server says better. */
  password_too_common: 'This is among the passwords that most people use, and the first to be guessed.',
  password_contains_name: 'Use something else than your name, your address or the name of this product.',
  password_breached:
    'This password is known from a data breach, so that it is among the first to be guessed.',
  password_used_before: 'Choose one that you have not had before.',
  wrong_password: 'This is not your current password.',
  invalid_email: 'This does not look like an email address.',
  invalid_token: 'This link is no longer good: it was used, has expired, or is incomplete.',
  not_found: 'It is not there (any more).',
  payload_too_large: 'The file is too large.',
  reauthentication_required: 'Nothing was done: this takes a proof that it is you.',
  wrong_code: 'This code is wrong, or was used already.',
  invalid_method: 'Codes of this kind are not taken here.',
  totp_already_enabled: 'An authenticator app is set up already.',
  totp_not_offered: 'This took too long. Begin to set it up once more.',
  mfa_not_enabled: 'No second factor is set up.',
  validation_failed: 'Please mend what is marked below.',
} as const;
