-- Links and codes end: a mail that could not be sent before that is of no use to anybody. Null: the mail is of use for ever.
ALTER TABLE mail_outbox ADD COLUMN expires_at BIGINT;
