-- What the archive holds of a letter, version by version; each version of an object has one row.
CREATE TABLE archived (
  entry TEXT NOT NULL REFERENCES entry (id),
  -- The version of the archived object, from 1.
  version BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('vastgesteld', 'ondertekend', 'gescand', 'ontvangen')),
  -- The version of the letter that it is of.
  letter_version BIGINT NOT NULL,
  -- The file that this version is about: the letter as issued or signed, its scan, what was received.
  path TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  digest TEXT NOT NULL,
  size BIGINT NOT NULL,
  -- SHA-512 of the object's inventory, which holds the digests of all its files.
  inventory TEXT NOT NULL,
  PRIMARY KEY (entry, version)
);

CREATE INDEX archived_digest ON archived (digest);
CREATE INDEX file_size ON file (size);
