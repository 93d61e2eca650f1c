export const impersonation = {
  begin: 'Sign in as this user',
  title: 'Sign in as {name}?',
  lead: 'You see what they see and may do what they may do, for a limited time. Their password, their other credentials and whatever takes a proof of who you are stay out of reach.',
  reason: 'Reason',
  reasonHelp: 'The audit trail keeps it, and names you beside them for whatever you do.',
  confirm: 'Sign in as them',
  region: 'Acting in somebody’s name',
  banner: '{impersonator}, you act as {name} until {until}.',
  stop: 'Stop',
  timeOver: 'The time is over. You are yourself again.',
  ended: 'This was ended. You are yourself again.',
  reloaded: 'The page was loaded anew. You are yourself again.',
  account:
    'What is not yours to change is not shown: password, address, second factors, sessions and API keys.',
  session: '{email} acting in this name',
  behind: '{impersonator} as {actor}',
} as const;
