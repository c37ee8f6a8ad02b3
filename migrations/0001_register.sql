-- The register. Read by SQLite and PostgreSQL alike; every text is ordered by its bytes.
-- Days are texts such as 2023-02-21, moments such as 2023-02-21T11:00:00Z, digests are lower-case hexadecimal.

CREATE TABLE migration (
  version BIGINT NOT NULL PRIMARY KEY
);

-- The head of the chain of events. Writers lock its only row, so that they wait for each other.
CREATE TABLE chain (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
  seq BIGINT NOT NULL,
  head TEXT NOT NULL
);

INSERT INTO chain (id, seq, head) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- Letters that came in and letters that go out.
CREATE TABLE entry (
  id TEXT NOT NULL PRIMARY KEY,
  direction TEXT NOT NULL CHECK (direction IN ('in', 'uit')),
  status TEXT NOT NULL,
  kind TEXT,
  subject TEXT NOT NULL,
  correspondent TEXT,
  case_number TEXT,
  dated TEXT,
  received TEXT,
  sent TEXT,
  sent_by TEXT,
  handler TEXT,
  term TEXT,
  their_reference TEXT,
  their_date TEXT,
  confidentiality TEXT,
  -- The workspace that recorded the entry: its files lie there.
  workspace TEXT NOT NULL,
  -- The letter file of an outgoing letter, and the digest of what was issued.
  letter TEXT,
  letter_digest TEXT,
  -- The day on which its number was reserved.
  reserved TEXT,
  -- Where its files go, without an extension.
  stem TEXT UNIQUE,
  -- The last version that is whole; 0 while the number is only reserved.
  version BIGINT NOT NULL,
  -- The version that is being made.
  pending BIGINT,
  pages BIGINT,
  -- Digest of the letter's own text, which stands in search.
  text_digest TEXT,
  -- What digests of this entry's data are made with.
  salt TEXT NOT NULL
);

CREATE UNIQUE INDEX entry_letter ON entry (workspace, letter) WHERE status <> 'vervallen';
CREATE INDEX entry_dated ON entry (dated, id);
CREATE INDEX entry_received ON entry (received, id);
-- Lists come in this order; the expression is that of the queries, to the letter.
CREATE INDEX entry_day ON entry (COALESCE(received, dated, reserved, ''), id);
CREATE INDEX entry_case ON entry (case_number);
CREATE INDEX entry_status ON entry (status, term, id);

-- The counters.
CREATE TABLE series (
  name TEXT NOT NULL PRIMARY KEY,
  last BIGINT NOT NULL
);

-- Every number that was ever given out, written by hand or imported. Nothing is deleted from it.
CREATE TABLE number (
  kind TEXT NOT NULL CHECK (kind IN ('kenmerk', 'inkomend', 'zaaknummer')),
  number TEXT NOT NULL,
  series TEXT,
  seq BIGINT,
  year BIGINT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('register', 'handmatig', 'ingevoerd')),
  status TEXT NOT NULL CHECK (status IN ('gereserveerd', 'gebruikt', 'vervallen')),
  reason TEXT,
  entry TEXT NOT NULL REFERENCES entry (id),
  PRIMARY KEY (kind, number)
);

CREATE UNIQUE INDEX number_series ON number (series, seq) WHERE origin = 'register';
CREATE INDEX number_entry ON number (entry);
CREATE INDEX number_year ON number (year);

-- What was received and sent. A version of a letter keeps its files when the next one comes.
CREATE TABLE file (
  entry TEXT NOT NULL REFERENCES entry (id),
  version BIGINT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('brief', 'bijlage')),
  position BIGINT NOT NULL,
  name TEXT NOT NULL,
  path TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  digest TEXT NOT NULL,
  size BIGINT NOT NULL,
  PRIMARY KEY (entry, version, position)
);

CREATE INDEX file_digest ON file (digest);

-- How letters belong together; read from both ends.
CREATE TABLE link (
  source TEXT NOT NULL REFERENCES entry (id),
  kind TEXT NOT NULL CHECK (kind IN ('beantwoordt', 'zelfde-zaak')),
  target TEXT NOT NULL REFERENCES entry (id),
  PRIMARY KEY (source, kind, target)
);

CREATE INDEX link_target ON link (target);

-- Every change, each with the hash of the one before it.
CREATE TABLE event (
  seq BIGINT NOT NULL PRIMARY KEY,
  moment TEXT NOT NULL,
  who TEXT NOT NULL,
  entry TEXT NOT NULL,
  what TEXT NOT NULL,
  -- What changed, as JSON. It can hold personal data; with the salt it can be destroyed and leave the chain whole.
  details TEXT,
  salt TEXT,
  digest TEXT NOT NULL,
  -- Digest of all that is recorded of the entry once this has happened.
  state TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
);

CREATE INDEX event_entry ON event (entry, seq);
