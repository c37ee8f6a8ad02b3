-- What is searched: the letter's own text, and the words of the whole entry, stemmed. The index refers to rows by `id`.
CREATE TABLE search (
  id INTEGER NOT NULL PRIMARY KEY,
  entry TEXT NOT NULL UNIQUE REFERENCES entry (id),
  body TEXT NOT NULL,
  terms TEXT NOT NULL
);

-- Words are split and stemmed before they come here; "ascii" only parts them at their spaces.
CREATE VIRTUAL TABLE search_index USING fts5 (terms, content = 'search', content_rowid = 'id', tokenize = 'ascii', detail = 'none');

CREATE TRIGGER search_added AFTER INSERT ON search BEGIN
  INSERT INTO search_index (rowid, terms) VALUES (new.id, new.terms);
END;

CREATE TRIGGER search_changed AFTER UPDATE ON search BEGIN
  INSERT INTO search_index (search_index, rowid, terms) VALUES ('delete', old.id, old.terms);
  INSERT INTO search_index (rowid, terms) VALUES (new.id, new.terms);
END;

CREATE TRIGGER search_removed AFTER DELETE ON search BEGIN
  INSERT INTO search_index (search_index, rowid, terms) VALUES ('delete', old.id, old.terms);
END;
