ALTER TABLE roles DROP COLUMN mfa_required;
ALTER TABLE users DROP COLUMN mfa_enabled;
DROP TABLE recovery_codes;
DROP TABLE totp_factors;
