-- Mailings: one letter to every row of a table. A mailing is known by its workspace and its name.
CREATE TABLE mailing (
  workspace TEXT NOT NULL,
  name TEXT NOT NULL,
  -- The letter file, from the workspace, and the digest of all that its letters are made of besides their rows.
  letter TEXT NOT NULL,
  letter_digest TEXT NOT NULL,
  -- The same by file, as JSON, to tell what changed.
  sources TEXT NOT NULL,
  -- The table as its user named it, and its columns as JSON.
  recipients TEXT NOT NULL,
  layout TEXT NOT NULL,
  planned TEXT NOT NULL,
  PRIMARY KEY (workspace, name)
);

-- Its rows, as they were read from the table: what is made of them depends on nothing else.
CREATE TABLE mail_row (
  workspace TEXT NOT NULL,
  mailing TEXT NOT NULL,
  -- In the order of planning, from 1; it stays when a row is moved in its table.
  seq BIGINT NOT NULL,
  -- The number of the row in its spreadsheet.
  position BIGINT NOT NULL,
  cells TEXT NOT NULL,
  digest TEXT NOT NULL,
  -- Its letter; none for a row that was refused before it got a number.
  entry TEXT REFERENCES entry (id),
  status TEXT NOT NULL CHECK (status IN ('wachtend', 'bezig', 'gereed', 'geweigerd')),
  -- The process that has taken it.
  worker TEXT,
  -- How often a process ended in the middle of it: by itself, and by somebody else's doing.
  crashes BIGINT NOT NULL,
  kills BIGINT NOT NULL,
  -- Why it was refused, and what was noticed, as JSON.
  findings TEXT NOT NULL,
  PRIMARY KEY (workspace, mailing, seq),
  FOREIGN KEY (workspace, mailing) REFERENCES mailing (workspace, name)
);

CREATE INDEX mail_row_status ON mail_row (workspace, mailing, status, seq);
CREATE INDEX mail_row_entry ON mail_row (entry);
