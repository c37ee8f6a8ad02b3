-- Who may use the workbench of a workspace. The password is kept as an Argon2id hash in PHC string format.
CREATE TABLE account (
  workspace TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('lezen', 'schrijven', 'beheren')),
  password TEXT NOT NULL,
  created TEXT NOT NULL,
  PRIMARY KEY (workspace, name)
);

-- Who is signed in. Of what the browser holds only the SHA-256 digest is kept: whoever reads this table can't use it.
CREATE TABLE web_session (
  digest TEXT NOT NULL PRIMARY KEY,
  workspace TEXT NOT NULL,
  account TEXT NOT NULL,
  begun TEXT NOT NULL,
  seen TEXT NOT NULL,
  FOREIGN KEY (workspace, account) REFERENCES account (workspace, name) ON DELETE CASCADE
);
