-- As it was.
SELECT 1;
