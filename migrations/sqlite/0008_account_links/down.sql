DROP TABLE link_requests;
DROP INDEX one_time_tokens_by_expiry;
DROP INDEX one_time_tokens_by_user;
ALTER TABLE one_time_tokens DROP COLUMN subject;
