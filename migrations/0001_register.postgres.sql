-- What is searched: the letter's own text, and the words of the whole entry, stemmed. They are taken as they are.
CREATE TABLE search (
  entry TEXT NOT NULL PRIMARY KEY REFERENCES entry (id),
  body TEXT NOT NULL,
  terms TEXT NOT NULL,
  lexemes tsvector GENERATED ALWAYS AS (array_to_tsvector(string_to_array(terms, ' '))) STORED
);

CREATE INDEX search_lexemes ON search USING gin (lexemes);
