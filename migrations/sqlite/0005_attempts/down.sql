DROP TABLE devices;
DROP TABLE attempts;
