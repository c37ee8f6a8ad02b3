# The words of findings and messages. `.help` says what to do about it.

label-error = error
label-warning = warning
label-help = help

## Settings, front matter and sjabloon.toml

toml-syntax = { $slip ->
        [duplicate] this key is there already
        [string] the quotes around this value are missing or not closed
        [value] this key lacks = with a value
       *[other] this line can't be read as key = value
    }
    .help = { $slip ->
        [duplicate] remove one of the two lines
       *[other] text goes between quotes (onderwerp = "…"), a date does not (datum = 2023-02-21); TOML: { $message }
    }
unknown-key = unknown key ‘{ $key }’
    .help = { $meant ->
        [none] remove the line, or see with ‘postkamer template show’ which keys there are
       *[other] did you mean ‘{ $meant }’?
    }
missing-key = ‘{ $key }’ is missing
    .help = { $help ->
        [none] add ‘{ $key }’
       *[other] add ‘{ $key }’: { $help }
    }
wrong-type = ‘{ $key }’ takes { $expected ->
        [text] text
        [date] a date
        [count] a whole number from 0 up
        [boolean] true or false
        [choice] one of the fixed words
        [list] a list
        [table] a table
        [list-or-count] a list of files or a number
        [text-or-table] a key or a table
        [text-or-list] a number or a list of numbers
       *[other] something else
    }, but this is { $found ->
        [text] text
        [number] a number
        [negative] a number below zero
        [boolean] true or false
        [date] a date
        [moment] a date with a time
        [list] a list
       *[table] a table
    }
    .help = { $expected ->
        [text] put quotes around the value
        [date] write the date as 2023-02-21, without quotes
        [list] put the values between brackets, such as ["a", "b"]
        [count] write a whole number without a point or a minus sign, such as 2
        [list-or-count] write the files between brackets, such as ["bijlagen/evaluatie.pdf"], or how many there are, such as 2
       *[other] { "" }
    }
date-impossible = ‘{ $value }’ is not a date that exists
    .help = write a day that exists as year-month-day, such as 2023-02-21
unknown-choice = ‘{ $key }’ can't be ‘{ $value }’
    .help = { $meant ->
        [none] choose from: { $choices }
       *[other] did you mean ‘{ $meant }’? Choose from: { $choices }
    }
empty-value = ‘{ $key }’ is empty
    .help = fill in ‘{ $key }’
list-item-empty = ‘{ $key }’ holds an empty text
    .help = remove "", or fill in who belongs there; if that is nobody, remove the whole line
unknown-setting = ‘{ $value }’ is not in postkamer.toml
    .help = { $meant ->
        [none] { $choices ->
            [none] add it there
           *[other] choose from: { $choices }, or add it there
        }
       *[other] did you mean ‘{ $meant }’? Choose from: { $choices }
    }
environment-value = the environment variable { $key } has a value that can't be: ‘{ $value }’
    .help = expected: { $expected }
settings-unreadable = the settings can't be read: { $message }
    .help = compare postkamer.toml with one that ‘postkamer init’ makes in an empty folder, or put an earlier version back
logo-missing = the logo does not exist: { $path }
    .help = the path starts from the folder of the workspace
logo-without-alt = the logo has no description
    .help = add logo_alt: what the logo shows, for those who can't see it (PDF/UA-1)
workspace-missing = no workspace found: there is no postkamer.toml in this folder or above it
    .help = make one with ‘postkamer init’, or name one with --workspace
source-date-epoch = SOURCE_DATE_EPOCH is not a number of seconds: ‘{ $value }’
    .help = give seconds since 1 January 1970, or remove the variable
pdf-standard = these standards do not go together: { $message }
    .help = change [pdf] standaard in postkamer.toml, for instance ["a-2a", "ua-1"]

## Numbers and deadlines

number-sequence = { $count ->
        [none] the pattern ‘{ $value }’ has no {"{"}volgnummer{"}"}
       *[many] the pattern ‘{ $value }’ has more than one {"{"}volgnummer{"}"}
    }
    .help = write {"{"}volgnummer{"}"} once, or {"{"}volgnummer:6{"}"} for at least six digits
number-braces = the pattern ‘{ $value }’ has a brace that does not open or close
    .help = write {"{"}jaar{"}"}, {"{"}maand{"}"} and {"{"}volgnummer:6{"}"}; a brace by itself can't be
number-placeholder = {"{"}{ $value }{"}"} can't be in a pattern
    .help = { $meant ->
        [none] choose from: {"{"}jaar{"}"}, {"{"}maand{"}"}, {"{"}volgnummer{"}"} or {"{"}volgnummer:6{"}"}
       *[other] did you mean {"{"}{ $meant }{"}"}?
    }
number-width = ‘{ $value }’ can't be the number of digits of a volgnummer
    .help = write a number from 1 to { $limit }, such as {"{"}volgnummer:6{"}"}
number-space = the pattern ‘{ $value }’ has a space
    .help = remove it, or write a hyphen: in lists of numbers there is a space between two numbers
number-too-long = a number of this pattern has { $length } characters; there can be { $limit }
    .help = make the pattern shorter
number-period = the counter starts again per { $per }, but the pattern has no { $missing }
    .help = put { $missing } in patroon, or change per: otherwise the same number comes back
number-shared = an outgoing letter (‘{ $outgoing }’) and an incoming one (‘{ $incoming }’) can get the same number
    .help = give [kenmerk] or [inkomend] a letter of its own, such as D{"{"}jaar{"}"}-{"{"}volgnummer:6{"}"} and I{"{"}jaar{"}"}-{"{"}volgnummer:6{"}"}
term-invalid = ‘{ $value }’ is not a time for a deadline
    .help = { $meant ->
        [none] write a number from 1 to { $limit } and dagen, weken, maanden or jaar, such as 12 weken
       *[other] did you mean ‘{ $meant }’?
    }
rsin-invalid = ‘{ $value }’ is not an RSIN{ $reason ->
        [check] : it does not pass the check on its digits (elfproef)
       *[form] { "" }
    }
    .help = write the nine digits as they are in the trade register, without dots or spaces

## Files

file-missing = the file does not exist: { $path }
    .help = check the name and the folder
file-is-folder = this is a folder, not a file
    .help = name a letter file, such as letters/name.md
file-too-large = the file is { $size } MiB; more than { $limit } MiB is not read
    .help = a letter is text: put images and enclosures in files of their own
file-binary = this is not a text file
    .help = name a letter file, such as letters/name.md
file-not-utf8 = the file is not UTF-8
    .help = save it as UTF-8
font-unreadable = { $path } is no font
    .help = put TrueType and OpenType files only in the folder fonts
field-unused = ‘{ $key }’ is filled in, but stands nowhere in the letter
    .help = put {"{{"}{ $key }{"}}"} in the text, where it belongs; if you wrote it out already, you can leave it so
body-empty = the letter has no text
    .help = write the text below the second line with +++
advice-binary = this is not a text file; recommendations can be taken from text only
    .help = open the advice and save it as text (.txt), or copy the recommendations to a text file, and name that
advice-none = no recommendations can be told in { $path }; the letter begins without them
    .help = save the recommendations by themselves, each with a number or a hyphen, and start a letter under another name; or copy them yourself
advice-many = { $path } gave { $count } quotes; perhaps not all of them are recommendations
    .help = go through them in the letter; or save only the recommendations in a text, and start a letter under another name
advice-left = { $path } has more text that may recommend something and was not taken over ({ $count } times); the first begins with ‘{ $text }’
    .help = compare the letter with the advice, and copy what still belongs in it
letter-empty = the letter is empty
    .help = start a letter with ‘postkamer new TEMPLATE NAME’
letter-exists = { $path } is already there
    .help = choose another name; nothing is overwritten
output-is-letter = { $path } is the letter itself
    .help = write to another file
pages-to-stdout = { $pages } pages can't go to standard output together
    .help = write them to files with -o, or make a PDF
letter-name = ‘{ $value }’ can't be the name of a letter
    .help = begin with a letter or digit and use letters, digits and hyphens, without ‘..’
front-matter-missing = the letter does not begin with +++
    .help = put the fields of the letter at the top, between two lines +++
front-matter-unclosed = this +++ is never closed
    .help = put a line +++ between the fields and the text of the letter
enclosure-missing = the enclosure does not exist: { $path }
    .help = the path starts from the folder of the letter
path-outside = { $path } lies outside the workspace
    .help = put the file in the workspace

## Address

addressee-nameless = the addressee has no name
    .help = fill in organisatie or achternaam
addressee-unreachable = neither an address nor an e-mail address of the addressee is known
    .help = fill in straat, huisnummer, postcode and plaats, or email; when the letter went by e-mail, name the address in verzonden_aan
address-incomplete = the address is not complete: ‘{ $key }’ is missing
    .help = an address has street and house number (or PO box), postcode and town, or nothing of them all
address-too-long = the address has { $lines } lines; the window holds { $limit }
    .help = leave out ter_attentie_van or functie
address-street-and-box = the address has a street and a PO box
    .help = choose one
postcode-invalid = ‘{ $value }’ is not a Dutch postcode{ $reason ->
        [leading-zero] : it does not begin with 0
        [letters] : SA, SD and SS are not used
       *[form] { "" }
    }
    .help = write four digits and two letters, such as 8012 EE; for other countries, fill in land
email-invalid = ‘{ $value }’ is not an e-mail address
    .help = write one address, such as name@example.nl

## Characters

character-control = { $key ->
        [none] here
       *[other] in ‘{ $key }’
    } is a control character ({ $point })
    .help = remove it; a field holds one line
character-bidi = { $key ->
        [none] here
       *[other] in ‘{ $key }’
    } is a character that reverses the direction of writing ({ $point })
    .help = remove it: it makes text look other than it is
character-invisible = { $key ->
        [none] here
       *[other] in ‘{ $key }’
    } is an invisible character ({ $point })
    .help = remove it; it often comes along when pasting from another program
character-private = { $key ->
        [none] here
       *[other] in ‘{ $key }’
    } is a character without a fixed meaning ({ $point })
    .help = remove it; it belongs to a special font
character-without-font = { $key ->
        [none] here
       *[other] in ‘{ $key }’
    } is a character that no font has: { $character } ({ $point })
    .help = replace it, or put a font that has it in the folder fonts of the workspace

character-doubled = { $key ->
        [none] here
       *[other] in ‘{ $key }’
    } is a letter with a mark of its own that the font does not place well: { $character } ({ $point })
    .help = in the PDF that letter would be read twice; write it without the mark

## Names and handlebars

unknown-name = the name ‘{ $key }’ does not exist
    .help = { $meant ->
        [none] { $names ->
            [none] see with ‘postkamer template show’ which fields there are
           *[other] put a line { $names } = "example" below [rij]; in a mailing the column { $names } fills it
        }
       *[other] did you mean ‘{ $meant }’?
    }
unknown-helper = the helper ‘{ $key }’ does not exist
    .help = { $meant ->
        [none] choose from: { $choices }
       *[other] did you mean ‘{ $meant }’? Choose from: { $choices }
    }
value-missing = ‘{ $key }’ has no value in this letter
    .help = fill in the field, or put the sentence between {"{{"}#if { $key }{"}}"} and {"{{"}/if{"}}"}
not-printable = ‘{ $key }’ is not text but a list or table
    .help = use #each for a list, or name a field of the table
not-a-list = ‘{ $key }’ is not a list
    .help = #each goes over a list only
raw-output = raw output with three braces or & is not allowed
    .help = write two braces: a value is text, not mark-up
partial-not-allowed = another template can't be put in here
    .help = write the text out here
tag-unclosed = these braces are not closed
    .help = a field has two braces on either side; literal braces are written with a \ before them
block-unclosed = this #{ $key } is never closed
    .help = write {"{{"}/{ $key }{"}}"} where the part ends
block-unopened = there is no #{ $key } for this /{ $key }
    .help = remove it, or write {"{{"}#{ $key } …{"}}"} before it
handlebars-syntax = something is wrong with the braces here
    .help = a field has two braces on either side; every #if, #each or #with has its own /if, /each or /with
nesting-too-deep = this is nested too deep (more than { $limit } levels)
    .help = take levels out
too-many-values = there are too many values in this letter (more than { $limit })
    .help = split the letter

## Templates

unknown-template = the template ‘{ $value }’ does not exist
    .help = { $meant ->
        [none] choose from: { $choices }
       *[other] did you mean ‘{ $meant }’? Choose from: { $choices }
    }
template-language = the template is not made for the language ‘{ $value }’
    .help = choose from: { $choices }
template-field-redefined = ‘{ $key }’ is in every letter and keeps its own kind
    .help = remove type; verplicht and hulp may stay
template-field-untyped = ‘{ $key }’ has no type
    .help = add type, for instance type = "tekst"
template-field-name = ‘{ $key }’ can't be the name of a field
    .help = use small letters, digits and _, and not brief, inhoud or bestand
length-invalid = ‘{ $key }’ is not a length
    .help = write millimetres, such as "63.5mm"
body-left-out = the template leaves out the text of the letter
    .help = put {"{{"}inhoud{"}}"} where the text goes, on a line of its own
value-misplaced = there can't be a value here
    .help = put it in text, in a string or in code, not in a formula, a label or raw text
typst = { $message }
    .help = { $hints }

## Markdown

heading-skips-level = the heading skips a level: { $level }, where it can be { $expected } at most
    .help = use level { $expected } here; screen readers stumble over gaps (PDF/UA-1)
body-too-long = the letter is too long to typeset
    .help = split the letter, or put long parts in an enclosure
heading-empty = the heading is empty
    .help = write text behind it, or remove the line
html-in-body = HTML can't be used in a letter
    .help = use Markdown; a single < is written as \<
image-without-alt = the image { $image } has no description
    .help = write between the brackets what it shows, for those who can't see it: ![description](file.svg)
image-missing = the image does not exist: { $path }
    .help = the path starts from the folder of the letter
image-format = { $path } is not an image that a letter can hold
    .help = use one of: { $choices }
image-caption-unused = an image within a line has no caption
    .help = put the image in a paragraph of its own
link-undefined = the link refers to ‘{ $label }’, which is nowhere
    .help = add a line: [{ $label }]: https://…
link-empty = the link has no address
    .help = write the address between the parentheses
link-broken = this looks like a link that is not finished
    .help = write [text](https://…), without a space before the parenthesis and with one to close it
link-scheme = a link to ‘{ $url }’ can't be made
    .help = use https://, http://, mailto: or tel:
link-without-scheme = the link ‘{ $url }’ lacks https://
    .help = write https:// before it, or mailto: for an e-mail address
link-too-long = the address of the link is too long
    .help = use a shorter address
link-without-text = the link has no text
    .help = write between the brackets where the link leads
footnote-undefined = the footnote ‘{ $label }’ has no text
    .help = add a line: [^{ $label }]: text of the footnote
footnote-unused = nothing refers to the footnote ‘{ $label }’
    .help = put [^{ $label }] in the text, or remove the footnote
footnote-duplicate = the footnote ‘{ $label }’ is there twice
    .help = give the second a name of its own
footnote-empty = the footnote ‘{ $label }’ is empty
    .help = write the text behind the colon
footnote-cycle = the footnote ‘{ $label }’ refers to itself
    .help = remove the reference in the footnote
table-too-wide = the columns of the table don't fit beside each other, not even in small type
    .help = leave out columns, shorten the text in the cells (amounts without cents, or in thousands), or make two tables of it
table-row-cells = the row has { $cells } cells, the table { $columns } columns
    .help = remove cells or give the header more columns; a | in text is written as \|
table-rule-cells = the line below the header has { $cells } columns, the header { $columns }
    .help = make the line of hyphens as long as the header: for three columns |---|---|---|
table-broken = this makes no table: its bars will stand in the letter as they are
    .help = leave a line empty above the table, and put a line of as many columns right below its header, such as |---|---|; a | in text is written as \|
markdown-literal = { $kind ->
        [strike] ‘~~’ strikes nothing out: it will stand in the letter as it is
        [heading] ‘#’ without a space makes no heading: it will stand in the letter as it is
        [bold] ‘**’ makes nothing bold here: it will stand in the letter as it is
       *[other] ‘[ ]’ makes no box to tick: it will stand in the letter as it is
    }
    .help = { $kind ->
        [strike] leave the text out, or write \~\~ where the signs are meant
        [heading] put a space after the hash, or write \# where it is meant
        [bold] put ** right before and right after the bold text, in the same paragraph, with a space or a punctuation mark outside (**Note:** this), or write \*\* where the signs are meant
       *[other] leave the brackets out, or write \[ where they are meant
    }

## The register

register-url = ‘{ $value }’ is no address of a register
    .help = write url = "sqlite:register.db" for a file, or postgres://user@server/database
register-url-server = ‘{ $value }’ is not the address of a PostgreSQL server
    .help = write postgres://user:password@server:5432/database; in a password @ becomes %40, / %2F, : %3A and % %25; sslmode is disable, prefer, require or verify-full, the issuer's certificate goes under ca
register-foreign = { $path } is the database of another program
    .help = choose another file at url under [register]; nothing was changed
register-network = the register { $path } lies on a network drive ({ $system }), where SQLite can damage it
    .help = put the file on a disk of this computer; where several computers share the register, use PostgreSQL (postgres://…)
register-ca = { $path } holds no certificate
    .help = give a PEM file with the issuer's certificate as ca under [register]
register-newer = the register { $path } has version { $found }; this program knows up to { $known }
    .help = install a newer postkamer; nothing was changed
row-broken = table { $table } holds something at { $id } that this program doesn't write there
    .help = run ‘postkamer register verify’ and put a backup back
id-unknown = the register knows no letter { $id }
    .help = look it up in the register (‘postkamer register list’ or ‘postkamer register search’)
outside-register = the register { $path } can't do this: { $cause }
    .help = what was recorded is intact; try again
outside-register-busy = the register { $path } is in use by another process
    .help = nothing was changed; try again in a moment
outside-register-gone = the register { $path } can't be reached: { $cause }
    .help = what was recorded is intact; check address, server and rights, and run the command again
outside-register-full = the register { $path } can't be written: { $cause }
    .help = what was recorded is intact; make room or check the rights, and run the command again
outside-register-broken = the register { $path } is no (whole) database file: { $cause }
    .help = check url under [register]; if the file is damaged, put a backup back

## Reports and proof of the register

field-beantwoord_op = answered on
field-reeks = series
field-handmatig = by hand
field-brief = letter
field-reden = reason
year-total = { $year }: received { $received }, answered { $answered }, dealt with without an answer { $handled }, still open { $open }
year-days = days to the answer: average { $average }.{ $average_tenth }, median { $median }.{ $median_tenth }; answered after their deadline: { $late }
year-dated = in brackets: the date of the letter, as the day of receipt is not recorded
account-by-hand = yes
account-passed = passed over: the counter ‘{ $series }’ went past it when { $by } was imported
account-missing = the counter ‘{ $series }’ is past this number, but the number is gone: run ‘postkamer register verify’
account-total = { $status }: { $count }
account-year = numbers of { $year }: { $count }
register-missing = there is no register yet: { $path } does not exist
    .help = check url under [register]; if it was there, restore a backup
verify-elsewhere = the files of { $letters ->
        [one] one letter
       *[other] { $letters } letters
    } lie in another workspace and were not checked here
    .help = run ‘postkamer register verify’ there too
verify-read-only = the register can only be read; whether the search index is right was not checked
    .help = run ‘postkamer register verify’ as somebody who may write to it
verify-object-strange = the database holds something that this program did not make: ‘{ $row }’
    .help = find out who made it, and take it away or put a backup back
verify-object-gone = ‘{ $row }’ is missing from the database
    .help = put a backup back
verify-clean = events: { $events }; nothing was changed outside the program
verify-wrong = events: { $events }, faults: { $faults }; keep the register as it is now and compare it with a backup
verify-more = and { $more } more { $more ->
        [one] fault
       *[other] faults
    }; all of them are in ‘postkamer register verify --json’
verify-event-altered = table { $table }, row { $row }: this event was changed after it was recorded: its hash is not right
verify-event-previous = table { $table }, row { $row }: this event does not follow the one before it: it was inserted or moved, or the one before it was changed
verify-event-missing = table { $table }, row { $row }: these events are gone
verify-event-number = table { $table }, row { $row }: no event can have this number: it was inserted or moved
verify-head-seq = table { $table }, row { $row }: by the head of the chain the last event is { $found }, but it is { $last }: events were taken away or added, or the head was changed
verify-head = table { $table }, row { $row }: the head of the chain is not the hash of the last event ({ $last }): one of them was changed
verify-details-altered = table { $table }, row { $row }: the details of this event were changed
verify-details-gone = table { $table }, row { $row }: the details of this event were erased, while the letter is still there
verify-entry-altered = table { $table }, row { $row }: the letter, or one of its numbers, files or links, was changed after event { $event }, the last that is recorded about it
verify-entry-unnoted = table { $table }, row { $row }: no event is recorded about this letter: it was added, or its events were taken away
verify-entry-missing = table { $table }, row { $row }: this letter is gone; event { $event } was the last about it
verify-row-extra = table { $table }, row { $row }: this row does not belong there
verify-row-missing = table { $table }, row { $row }: this row is missing
verify-orphan = table { $table }, row { $row }: this row belongs to letter { $entry }, which is not there
verify-counter = table { $table }, row { $row }: the counter stands at { $found }, but the highest number it gave is { $highest }
verify-number-missing = table { $table }, row { $row }: the counter is past this number, but no letter or case has it: it was taken away, or the counter was changed
verify-search-missing = table { $table }, row { $row }: this letter can't be found by searching
verify-search-body = table { $table }, row { $row }: the text that is searched is not that of the letter as it was recorded
verify-search-terms = table { $table }, row { $row }: the words that are searched are not those of the letter
verify-search-index = table { $table }, row { $row }: the search index does not refer to this row, or refers to one that is not there
verify-index = table { $table }, row { $row }: the search index holds other words than the letters
verify-bytes = table { $table }, row { $row }: column { $column } holds bytes instead of a text or a number
verify-database = SQLite does not find the register's file whole: { $cause }
verify-file-missing = table { $table }, row { $row }: the file { $path } is gone
verify-file-changed = table { $table }, row { $row }: the file { $path } was changed after it was recorded
verify-file-unreadable = table { $table }, row { $row }: the file { $path } can't be read: { $cause }
verify-file-outside = table { $table }, row { $row }: { $path } lies outside the workspace
verify-file-algorithm = table { $table }, row { $row }: { $path } has a digest by ‘{ $algorithm }’, which this program does not know
verify-file-twice = table { $table }, row { $row }: the file { $path } belongs to { $other } too

## What the register holds

list-period = the period from { $from } to { $until } runs backwards
    .help = swap the days at --van and --tot
list-none = no letters found
search-empty = this question holds no word to look for
    .help = give one or more words or a number, or the beginning of a word with an asterisk: ‘advies digi*’
field-id = number
field-dag = rec'd/dated
field-in_uit = in/out
field-richting = direction
field-soort = kind
field-kenmerk = reference
field-zaaknummer = case
field-datum = dated
field-ontvangen = received
field-verzonden = sent
field-wijze = how it was sent
field-versies = versions
field-onderwerp = subject
field-correspondent = correspondent
field-behandelaar = handler
field-status = status
field-uw_kenmerk = their reference
field-uw_brief = their letter
field-termijn = deadline
field-vertrouwelijkheid = confidentiality
field-in_reactie_op = in reply to
field-beantwoord_door = answered by
field-dagen = days
days-over = { $days } late
days-today = today
days-left = { $days } left
sheet-thread = Thread
sheet-events = Events
sheet-files = Files
thread-answers = answers { $ids }
thread-more = there are more: ‘postkamer register list --zaaknummer NUMBER’
file-version = version { $version }
file-archived = in the archive
file-size = { $bytes } bytes
event-ontvangen = received
event-gereserveerd = number reserved
event-opnieuw-beschreven = described again: the row was changed before there was a letter
event-vastgesteld = issued
event-nieuwe-versie-begonnen = new version begun
event-nieuwe-versie-opgegeven = new version given up
event-nieuwe-versie = new version issued
event-beantwoord = answered
event-heropend = reopened
event-gekoppeld = linked
event-ontkoppeld = unlinked
event-toegewezen = assigned
event-afgedaan = dealt with
event-verzonden = sent
event-gecorrigeerd = corrected
event-ingetrokken = withdrawn
event-vervallen = number void
event-ingevoerd = imported
event-handmatig = case number chosen by hand
event-ondertekend = signed
event-gescand = scan of the signed letter added
event-gearchiveerd = archived
event-aangevuld = file added later

## Changes in the register

text-too-long = ‘{ $key }’ has { $length } characters; there is room for { $limit }
    .help = make the text shorter
day-form = ‘{ $key }’ is not a date that exists: { $value }
    .help = write a day as 2026-12-23 or 23-12-2026
day-future = ‘{ $key }’ is in the future: { $value }
    .help = today is { $today }; record it when the day has come, or correct the date
dated-after-receipt = the letter bears a later date ({ $value }) than the day it was received ({ $received })
    .help = if that is wrong, correct the date with ‘postkamer register correct’
term-before-receipt = the deadline ({ $value }) was over on the day of receipt ({ $received })
    .help = if that is wrong, correct the deadline with ‘postkamer register correct’
sent-before-date = the letter was sent on { $value }, but bears a later date: { $dated }
    .help = if that is wrong, correct the date with ‘postkamer register correct’
kind-near = no deadline is set for the kind ‘{ $value }’
    .help = did you mean ‘{ $meant }’? Then correct the kind with ‘postkamer register correct’
term-unchanged = the deadline of { $id } did not change with it; by [termijnen] it is now { $term }
    .help = change it if need be with ‘postkamer register correct { $id } --veld termijn --waarde { $term } --reden …’
received-file = { $path } { $reason ->
        [folder] is a folder, not a file
        [empty] is empty
       *[special] is no ordinary file
    }
    .help = { $reason ->
        [folder] name a file in the folder
        [empty] check whether scanning or downloading it succeeded
       *[special] save the letter as a file first
    }
status-refuses = { $id } has the status ‘{ $status }’ and can't be { $action ->
        [assign] assigned to anybody
        [correct] corrected
        [handle] dealt with
        [link] linked to another letter
        [send] marked as sent
        [void] made void
       *[withdraw] withdrawn
    }
    .help = { $status ->
        [gereserveerd] change the letter file if need be and issue it with ‘postkamer issue’, or give up the number with ‘postkamer register void { $id } --reden …’
        [vastgesteld] mark it as sent with ‘postkamer register send’, or withdraw it with ‘postkamer register withdraw’
        [ondertekend] mark it as sent with ‘postkamer register send’, or withdraw it with ‘postkamer register withdraw’
        [verzonden] correct what is wrong with ‘postkamer register correct’, or withdraw it with ‘postkamer register withdraw’
        [ingetrokken] a letter that was withdrawn stays so; correct what is wrong with ‘postkamer register correct’
        [vervallen] a void number stays void; a letter that is issued after all gets a new number
        [open] assign it with ‘postkamer register assign’, record it as dealt with by ‘postkamer register handle’, or answer it
        [beantwoord] it has an answer; correct what is wrong with ‘postkamer register correct’
       *[afgedaan] it is dealt with already; answer it after all, or correct what is wrong with ‘postkamer register correct’
    }
field-unknown = a letter has no field ‘{ $value }’
    .help = { $meant ->
        [none] choose from: { $choices }
       *[other] did you mean ‘{ $meant }’? Choose from: { $choices }
    }
field-fixed = ‘{ $value }’ can't be corrected
    .help = a number stays what it is; change the status with ‘postkamer register send’, ‘handle’, ‘withdraw’ or ‘void’, and what a letter answers with ‘postkamer register link’; to be corrected are: { $choices }
field-not-here = { $id } has no ‘{ $key }’: { $reason ->
        [in] it is an incoming letter
        [out] it is an outgoing letter
       *[unsent] the letter was not sent yet
    }
    .help = { $reason ->
        [in] the date on the letter is ‘datum’, the day it was received ‘ontvangen’
        [out] the date on the letter is ‘datum’, the day it was sent ‘verzonden’; a deadline belongs to the incoming letter
       *[unsent] mark it as sent with ‘postkamer register send { $id } --datum … --wijze …’
    }
correct-same = { $id } has this under ‘{ $key }’ already
    .help = look at the letter with ‘postkamer register show { $id }’; nothing was changed
link-itself = { $id } can't be linked to itself
    .help = name two different letters
link-both-ways = { $id } can't answer { $other }: { $other } is the answer to { $id } already
    .help = if that is wrong, take that link away first with ‘postkamer register link { $other } { $id } --weg --reden …’
link-missing = { $id } and { $other } are not linked as ‘{ $kind }’
    .help = look at the letter with ‘postkamer register show { $id }’; the letter that answers comes first
link-one-way = { $id } and { $other } are both { $direction ->
        [in] incoming
       *[uit] outgoing
    }; this answers neither of them
    .help = if they only belong together, use --als zelfde-zaak
case-given = case number: { $number }
entry-assigned = { $id } lies with { $name }
entry-handled = { $id } is dealt with
entry-sent = { $id } is sent
entries-sent = sent: { $count } letters
entry-corrected = { $id }: { $meant ->
        [none] ‘{ $key }’ is emptied
       *[other] ‘{ $key }’ is now ‘{ $meant }’
    }
entry-letter-differs = only the register is corrected: the issued letter { $id } itself did not change
entry-withdrawn = { $id } is withdrawn
entry-void = { $id } is void
entry-linked = { $id } is linked to { $other } ({ $kind })
entry-linked-already = { $id } was linked to { $other } already ({ $kind })
entry-unlinked = { $id } is no longer linked to { $other } ({ $kind })
file-aside = { $path } was there already, but is not in the register
    .help = that file is kept as { $kept }; if it belongs to another letter, check url under [register]

## Import and export of the register

import-column-missing = { $file }: the column ‘{ $key }’ is missing
    .help = { $meant ->
        [none] add the column; needed are id (or kenmerk), richting, datum and onderwerp
       *[other] is it the column ‘{ $meant }’? Then name it ‘{ $key }’
    }
import-column-unknown = { $file }: the column ‘{ $key }’ is unknown and passed over
    .help = { $meant ->
        [none] see with ‘postkamer register export’ which columns there are
       *[other] did you mean ‘{ $meant }’?
    }
import-cell-empty = { $file }, row { $row }, column ‘{ $column }’: the cell is empty
    .help = fill it in
import-day = { $file }, row { $row }, column ‘{ $column }’: ‘{ $value }’ is no date
    .help = write an existing day as 2023-02-21 or 21-2-2023
import-word = { $file }, row { $row }, column ‘{ $column }’: ‘{ $value }’ is not possible here
    .help = { $meant ->
        [none] choose from: { $choices }
       *[other] did you mean ‘{ $meant }’? Choose from: { $choices }
    }
import-status-direction = { $file }, row { $row }, column ‘{ $column }’: a letter with richting ‘{ $direction }’ can't be ‘{ $value }’
    .help = choose from: { $choices }
import-text-too-long = { $file }, row { $row }, column ‘{ $column }’: the text is longer than { $limit } characters
    .help = make the text shorter
import-character = { $file }, row { $row }, column ‘{ $column }’: here is { $kind ->
        [character-control] a control character or a line break
        [character-bidi] a character that reverses the direction of writing
        [character-private] a character without a fixed meaning
       *[character-invisible] an invisible character
    } ({ $point })
    .help = remove it
import-number-differs = { $file }, row { $row }, column ‘{ $column }’: ‘{ $value }’ is another number than the one in column ‘id’ (‘{ $id }’)
    .help = a letter has one number; the sender's reference belongs in uw_kenmerk
import-number-double = { $file }, row { $row }, column ‘{ $column }’: the same number is in row { $other } too
    .help = give one of them another number, or remove a row
import-number-high = { $file }, row { $row }, column ‘{ $column }’: the sequence number is higher than { $limit }
    .help = mend the number: the counter would go on after it
import-number-taken = { $file }, row { $row }, column ‘{ $column }’: the register has a letter { $id } already
    .help = remove the row if it is the same letter, or mend the number
import-reference-unknown = { $file }, row { $row }, column ‘{ $column }’: there is no letter ‘{ $value }’, in the table nor in the register
    .help = mend the number; there is a space between two numbers, and a space within one is written as %20
import-reference-self = { $file }, row { $row }, column ‘{ $column }’: the letter names itself
    .help = remove the number here
import-both-ways = { $file }, row { $row }, column ‘{ $column }’: this letter and ‘{ $value }’ would answer each other
    .help = one of them is the answer: remove the number from the other
import-reference-refused = { $file }, row { $row }, column ‘{ $column }’: letter ‘{ $value }’ in row { $other } was refused, and so is this row
    .help = mend row { $other } first
import-none = { $file }, row { $row }: not taken in, because another row was refused
    .help = mend the other rows, or leave out --all-or-none
import-status-answered = { $file }, row { $row }, column ‘{ $column }’: the letter was answered by { $id }; it was taken in as beantwoord
    .help = write beantwoord, or remove the answer
import-void-reason = { $file }, row { $row }, column ‘{ $column }’: it does not say why this number is void
    .help = give a reason: the account of numbers asks for it
import-done = rows: { $total }, taken in: { $taken }, refused: { $refused }
export-to-terminal = a workbook can't go to the screen
    .help = write it to a file with -o
zgw-rsin = { $key } is missing: bronorganisatie is null, and a system that speaks the ZGW API asks for it
    .help = put the number from the trade register at rsin under [organisatie]

year-heading-id = number
year-heading-received = received
year-heading-correspondent = from
year-heading-subject = subject
year-heading-answer = answered by
year-heading-answered = on
year-heading-days = days
account-heading-number = number
account-heading-series = series
account-heading-status = status
account-heading-hand = by hand
account-heading-id = letter
account-heading-reason = reason

## Tables

table-extension = { $file } is no table that can be read
    .help = choose from: { $choices }; save another file as one of these first
table-is-folder = { $file } is a folder, not a table
    .help = name a file in the folder
table-too-many-cells = { $file } has more than { $rows } rows or { $cells } cells; such a table is not read
    .help = split the table into more files
table-too-large = { $file } is { $size } MiB; more than { $limit } MiB is not read
    .help = split the table into more files
table-unreadable = { $slip ->
        [locked] { $file } is protected with a password
       *[broken] { $file } can't be read as { $kind }
    }
    .help = { $slip ->
        [locked] save the file without a password
       *[broken] open it in a spreadsheet and save it anew as { $kind }; cause: { $cause }
    }
table-empty = there is nothing in { $file }
    .help = the first row names the columns, each row below it is a line of the table
table-binary = { $file } is not a text file
    .help = save the table as CSV (UTF-8), or give the file the extension of its own kind
table-encoding = { $file }, line { $line }: there are characters here that can't be read
    .help = save the table anew as CSV with character set UTF-8
table-quote = { $slip ->
        [after] { $file }, line { $line }: there is text behind the closing quote of a cell
       *[open] { $file }, line { $line }: the quote that a cell begins with is never closed
    }
    .help = a quote in a cell between quotes is written twice: "the ""Quay"""
table-json = { $slip ->
        [double] { $file }, line { $line }: the column ‘{ $key }’ is in this object twice
        [nameless] { $file }, line { $line }: a value has no name
        [number] { $file }, line { $line }: this number is too large to stay exact
        [shape] { $file }, line { $line }: this does not fit into a table
       *[syntax] { $file }, line { $line }: this is not JSON
    }
    .help = { $slip ->
        [double] remove one of the two; capitals make no difference
        [nameless] give the value the name of a column
        [number] put the number between quotes
        [shape] a table is a list of objects with texts, numbers, true, false, null or lists of texts; JSON: { $message }
       *[syntax] JSON: { $message }
    }
table-title = { $file }, row { $row }: there is nothing here but ‘{ $value }’, and more columns below it; that looks like a title
    .help = take the row out: the first row names the columns, with a name above each of them
table-column-unnamed = { $file }, row { $row }: column { $column } has no name, yet it has content (row { $found })
    .help = give the column a name or empty it
table-column-double = { $file }, row { $row }: the columns { $first } and { $second } are both called ‘{ $key }’
    .help = give one of them another name or remove it; capitals make no difference
table-row-too-long = { $file }, row { $row }: there is something in column { $found }, but the last column with a name is { $last }
    .help = put cells that hold a separator between quotes, or give the column a name
table-cell-error = { $file }, row { $row }, column ‘{ $column }’: the formula yields an error ({ $value })
    .help = repair the formula or put the value there
table-too-big = { $file }: a sheet has room for { $rows } rows and { $columns } columns, this table has more
    .help = write the table as CSV
table-text-too-long = { $file }, row { $row }, column ‘{ $column }’: the text is longer than the { $limit } characters of a cell
    .help = write the table as CSV

## Issuing

answer-unknown = the register knows no letter { $id }
    .help = register it first with ‘postkamer register receive’, or correct the number
date-before-answered = the letter is dated { $day }, and answers { $id } of { $since }: an answer can’t be older than what it answers
    .help = correct datum, or the number in in_reactie_op
date-before-theirs = the letter is dated { $day }, and uw_brief is of { $since }: an answer can’t be older than what it answers
    .help = correct datum or uw_brief
number-taken = the reference { $number } belongs to another letter
    .help = choose another number, or leave kenmerk out: the register then gives one
letter-outside = { $path } is not in the workspace
    .help = put the letter in the folder letters; the register knows letters by their place
workspace-without-id = this workspace has no id, and the register is shared with others
    .help = put id = "…" with a UUID under [werkruimte], for example from ‘uuidgen’
letter-changed = this letter was issued as { $id } and changed afterwards
    .help = undo the change, or issue a new version with --nieuwe-versie; the old one is kept
letter-withdrawn = this letter was issued as { $id } and withdrawn afterwards
    .help = make a new file for a new letter, with ‘postkamer new’ or as a copy
letter-renumbered = this letter was issued as { $id }; its reference can change no more
    .help = put the old reference back, or make a new letter
letter-reserved = { $id } is already reserved for this letter
    .help = leave kenmerk out or make it the same; or void the reservation with ‘postkamer register void { $id } --reden …’
output-no-file = { $path } is there already and is no ordinary file
    .help = choose another name
output-no-folder = { $path } is there already and is no folder
    .help = choose another name, or a folder
output-is-folder = { $path } is a folder, no file
    .help = name a file in that folder
output-extension = a file that is called { $path } can't be made here
    .help = let the name end in { $choices }; with --format, which says what it is to be, ‘postkamer render’ takes any name
output-is-own = { $path } belongs to the workspace and is not written over
    .help = name another file or folder
enclosure-own = { $path } is a file of the workspace itself and can be no enclosure
    .help = make a copy elsewhere, if it has to go along
number-printed = { $path } is there already: the number { $number } was used before, by another register or by one that is no more
    .help = check url under [register] or put a backup of the register back; if the file doesn't belong here, take it away
version-after-sending = the version before this one of { $id } was sent on { $day }; this one not yet
    .help = record the sending of the new version with ‘postkamer register send { $id } --datum … --wijze …’
letter-voided = the number { $id } of this letter was voided in the meantime
    .help = issue the letter again; it then gets a new number
letter-overtaken = another process issued this letter as { $id } in the meantime, with other contents
    .help = look at it with ‘postkamer register show { $id }’ and issue a new version if need be
issued-file-lost = the PDF { $path } of { $id } is gone or changed, and can't be made the same: template or settings have changed
    .help = put the file back from the archive or a backup
issued-file-changed = the PDF { $path } of { $id } is no longer the one that was issued
    .help = if another process is issuing this letter too, try again; otherwise put the file back from the archive or a backup
issue-partly = issued: { $done }, refused: { $refused }

## PDF files

pdf-header = this is not a PDF: the file does not begin with %PDF and a version
    .help = choose the PDF file itself, as it was received
pdf-tail = the PDF is not whole: at its end (byte { $offset }) something is missing or there is too much
    .help = the file was probably not transferred completely; fetch it or ask for it again
pdf-startxref = the PDF is damaged or was tampered with: the pointer to its table of contents at byte { $offset } is wrong
    .help = ask whoever made the file for it again
pdf-xref = the PDF is damaged or was tampered with: its table of contents at byte { $offset } can't be read
    .help = ask whoever made the file for it again
pdf-prev = the PDF is damaged or was tampered with: the chain of versions in the file does not lead back to the first, at byte { $offset }
    .help = ask whoever made the file for it again
pdf-size = the PDF is damaged or was tampered with: the table of contents at byte { $offset } names more parts than it says there are
    .help = ask whoever made the file for it again
pdf-double-entry = the PDF can be read in two ways: part { $number } is twice in the table of contents at byte { $offset }
    .help = ask whoever made the file for it again
pdf-hybrid = the PDF can be read in two ways: at byte { $offset } is one table of contents for old programs and one for new ones
    .help = ask for a file without that double table of contents
pdf-encrypted = the PDF is encrypted or protected with a password
    .help = ask for a file without protection; a signed letter can't be encrypted
pdf-linearized = the PDF is arranged for viewing on the web, and that arrangement (byte { $offset }) is wrong
    .help = ask for the file again, without ‘fast web view’
pdf-object = the PDF is damaged or was tampered with: byte { $offset } does not hold the part that must be there
    .help = ask whoever made the file for it again
pdf-object-elsewhere = the PDF was tampered with: part { $number } (byte { $offset }) lies outside the version of the file that names it
    .help = ask whoever made the file for it again
pdf-object-stream = the PDF is damaged or was tampered with: the packed parts at byte { $offset } don't agree with the table of contents
    .help = ask whoever made the file for it again
pdf-overlap = the PDF can be read in two ways: parts overlap at byte { $offset }
    .help = ask whoever made the file for it again
pdf-stray-bytes = at byte { $offset } the PDF holds something that belongs to none of its parts
    .help = such a place can hide something; ask whoever made the file for it again
pdf-stream-length = the PDF is damaged or was tampered with: a part at byte { $offset } is not as long as it says
    .help = ask whoever made the file for it again
pdf-length-changed = the PDF was tampered with: the length of part { $number } was changed later and the part itself was not
    .help = ask whoever made the file for it again
pdf-external = at byte { $offset } the PDF takes part of its content from another file
    .help = ask for a PDF that holds everything itself
pdf-encoding = the PDF is damaged, or encoded in a way that is not used here (byte { $offset })
    .help = ask whoever made the file for it again
pdf-syntax = the PDF is damaged: what is at byte { $offset } is not PDF
    .help = ask whoever made the file for it again
pdf-double-key = the PDF can be read in two ways: the same entry is there twice at byte { $offset }
    .help = ask whoever made the file for it again
pdf-nesting = the parts of the PDF are nested too deeply at byte { $offset }
    .help = no ordinary program makes a PDF like that; ask whoever made the file for it again
pdf-limit = the PDF is too large: { $what ->
        [file] the file can have at most { $most } bytes
        [objects] at most { $most } parts
        [values] at most { $most } values
        [revisions] saved at most { $most } times
        [decoded] unpacked it can't be larger than { $most } bytes
        [pages] at most { $most } pages
        [fields] at most { $most } form fields
        [signatures] at most { $most } signatures
       *[other] at most { $most } levels within each other
    }
    .help = split off the enclosures or make a smaller PDF
pdf-root = the PDF is damaged or was tampered with: the root of the document, named at byte { $offset }, is missing
    .help = ask whoever made the file for it again
pdf-page-tree = the PDF is damaged or was tampered with: its list of pages is wrong (part { $number })
    .help = ask whoever made the file for it again
pdf-fields = the PDF is damaged or was tampered with: its list of form fields is wrong (part { $number })
    .help = ask whoever made the file for it again
pdf-signature = the signature in the field ‘{ $name }’ is not built as a signature should be
    .help = sign again, with another program
pdf-unlisted = the PDF holds unused parts: { $count }
    .help = that does no harm; the program that made the PDF did not clear them away
change-catalog = something about the document as a whole was changed after it was signed or issued: { $name }
    .help = signing does not need this; have the original file signed again
change-pages = pages were added, removed or moved
    .help = signing does not need this; have the original file signed again
change-page = page { $page } was changed: { $name ->
        [Contents] what is on it
        [Resources] its fonts or figures
        [MediaBox] its size
        [CropBox] the part that is shown
        [Rotate] its rotation
       *[other] { $name }
    }
    .help = signing does not need this; have the original file signed again
change-annotation = on page { $page } something was placed, changed or removed that is not a signature, such as a remark or a link
    .help = have the original file signed again, without remarks
change-form = the form in the PDF was changed: a field, a value or a setting
    .help = signing does not need this; have the original file signed again
change-field = the new field ‘{ $name }’ is not a plain signature field, or shows something without a signature
    .help = have the original file signed again, with another program
change-structure = the structure for screen readers was changed
    .help = signing does not need this; have the original file signed again
change-covers = the visible signature on page { $page } is too large, or lies off the page, and can hide the letter
    .help = make signatures together no larger than a tenth of the page, or sign invisibly
change-certified = the signature ‘{ $name }’ does not allow ‘{ $later }’ to sign after it
    .help = have it signed in another order, or without the lock
change-certified-late = the certification ‘{ $name }’ is not the first signature, as it should be
    .help = have it certified first and then signed
change-visible = there is a visible signature on page { $page }; see whether it hides anything of the letter
change-metadata = the metadata of the PDF (XMP) was changed at signing
    .help = the letter itself is the same; whether the file is still PDF/A is said apart
change-information = the document properties of the PDF were changed at signing
    .help = the letter itself is the same
change-validation-data = stored data for checking signatures was removed
    .help = the letter itself is the same
not-as-issued = this file does not begin with the letter as it was issued
    .help = have the issued PDF itself signed, not a copy that was saved again or printed

## Signatures

signature-broken = the signature doesn't hold
    .help = don't trust this file; ask the signer for the original
signature-none = there is no signature in this file
    .help = sign it first; if it is a scan of a letter that was signed on paper, say so, with its reference (--scan --id REFERENCE)
signature-received = the signature of { $signatory } in { $path } is not valid
    .help = the file is kept all the same, as it came; ask the sender for another file if need be
signature-received-unread = what the signatures in { $path } are worth can't be said: the file is not in order
    .help = the file is kept all the same, as it came; ask the sender for another file if need be
trust-missing = the certificate { $path } is not there
    .help = put the PEM file there, or change ankers under [vertrouwen]
verdict-signatures = Signatures
verdict-unreadable = can't be judged
verdict-none = not digitally signed
verdict-valid = { $signatory }: valid
verdict-invalid = { $signatory }: not valid
verdict-claimed = signed on { $moment }, the signer says
verdict-timestamp = existed on { $moment }, a timestamp says
verdict-issuer = certificate by { $issuer }
verdict-letter = The letter
verdict-unchanged = unchanged since it was issued
verdict-changed = not the letter that was issued
verdict-as-received = as it came in
verdict-not-as-received = not as it came in
verdict-not-compared = not compared with an issued letter
verdict-standards = Standards
verdict-conforms = conforms to { $standard }
verdict-conforms-not = doesn't conform to { $standard }
signature-range = the signature doesn't cover the whole file as it was when it was signed
    .help = don't trust this file; ask the signer for the original
signature-contents = the value of the signature is not in the file as it should be: there is too much, too little or something else
    .help = don't trust this file; ask the signer for the original
signature-form = a signature of the kind { $form } is not recognised
    .help = have it signed again, as PAdES (ETSI.CAdES.detached)
signature-count = the file holds { $count } signatures; more than { $most } are not checked
    .help = ask for a copy with fewer signatures
signature-untrusted = the signature is right and the document unchanged, but { $signatory } is not known here as a signer: none of the anchors vouches for { $issuer }
    .help = if the signer can be trusted, add the issuer's certificate to ankers under [vertrouwen] in postkamer.toml
cms-malformed = the signature can't be read: { $part } is not as it should be
    .help = don't trust this file; have it signed again
cms-too-large = the signature is too large to check
    .help = have it signed again, with another program
cms-signers = a signature has one signer; this one has { $count }
    .help = have it signed again, each signer with a signature of their own
cms-signer-missing = the signer's certificate doesn't come with the signature, or there are more that it may be
    .help = have it signed again, with the certificate in it
cms-not-detached = the signature brings contents of its own instead of being about the document
    .help = don't trust this file; have it signed again
cms-content-type = the signature is about something other than this document
    .help = don't trust this file; have it signed again
cms-changed = the document was changed after it was signed, or the signature is of another document
    .help = don't trust this file; ask the signer for the original
cms-digest = { $algorithm } is not safe (any more) and not recognised in signatures
    .help = have it signed again, with SHA-256 or better
cms-signature-algorithm = a signature with { $algorithm } is not recognised
    .help = have it signed again, with RSA, ECDSA or Ed25519 and SHA-256 or better
cms-key = the signer's key ({ $key }) is too short or doesn't go with the signature
    .help = have it signed again; RSA takes a key of at least 2048 bits
cms-signature-wrong = the signature was not made with the signer's key, or was itself changed
    .help = don't trust this file; ask the signer for the original
cms-attribute-missing = the signature lacks { $attribute }
    .help = have it signed again, as PAdES
cms-attribute-repeated = the signature doesn't hold { $attribute } exactly once
    .help = don't trust this file; have it signed again
cms-attributes-order = the attributes in the signature are not in the order in which they must have been signed
    .help = have it signed again
cms-signing-certificate-missing = the signature doesn't say which certificate it was made with
    .help = have it signed again, as PAdES
cms-signing-certificate-sha1 = the signature names its certificate by SHA-1 only, which is not safe any more
    .help = have it signed again, as PAdES
cms-signing-certificate-other = the certificate with the signature is not the one that it was made with
    .help = don't trust this file; ask the signer for the original
cms-algorithm-protection = the algorithms in the signature are not the ones that it was made with
    .help = don't trust this file; ask the signer for the original
certificate-expired = a certificate of the signer or the issuer had expired at the moment that counts: it was valid until { $day }
    .help = without a timestamp it is today that counts; have it signed again with a valid certificate, best with a timestamp
certificate-not-yet = a certificate of the signer or the issuer was not valid yet at the moment that counts: it is valid from { $day }
    .help = check that the clock is right
certificate-usage = the signer's certificate is not meant for signing
    .help = have it signed again with a certificate for signatures
certificate-purpose = the certificate was issued for another purpose than signing documents, such as a website
    .help = have it signed again with a certificate for signatures
certificate-authority = a certificate on the way to the anchor may not do what it was used for: only a person or organisation may sign, only an issuer may issue
    .help = have it signed again with a certificate of a recognised issuer
certificate-path = the certificates of the signer and the issuer are not in order ({ $cause })
    .help = have it signed again with a certificate of a recognised issuer
certificate-revoked = the certificate of { $holder } was revoked on { $day }
    .help = don't trust this signature; get in touch with the signer
revocation-later = the certificate of { $holder } was revoked on { $day }, after the signing
revocation-good = the certificates were not revoked; what the file says of that is from { $day }
revocation-stale = the certificate of { $holder } was not revoked on { $day }; the file doesn't say whether it was afterwards
revocation-unknown = whether the certificates were revoked can't be checked: the file says nothing of it
timestamp-missing = the signature has no timestamp, and one is required here
    .help = have it signed again with a timestamp, or set tijdstempel_vereist under [vertrouwen] to false
timestamp-none = there is no timestamp: only the signer says when it was signed
timestamp-repeated = the signature has more than one timestamp
    .help = have it signed again
timestamp-broken = the timestamp of the signature is no good ({ $cause })
    .help = don't trust this file; have it signed again
timestamp-imprint = the timestamp belongs to something else
    .help = don't trust this file; have it signed again
timestamp-future = the timestamp gives a time that is yet to come
    .help = check that the clock is right
timestamp-untrusted = the timestamp is by { $server }, and none of the anchors vouches for it
    .help = if that service can be trusted, add its issuer's certificate to ankers under [vertrouwen] in postkamer.toml
timestamp-purpose = the timestamp was made with a certificate that is not meant for that alone
    .help = have it signed again, with a recognised timestamp service
timestamp-server = the timestamp is by { $server }
signature-algorithm = signed with { $algorithm }
signature-whole = the signature covers the whole file
signature-later = something was added to the file { $count ->
        [one] once
       *[other] { $count } times
    } after the signature
signature-certifies = the signer has laid down what may still be done after the signature: { $allowed ->
    [nothing] nothing more
    [forms] filling in forms and signing
   *[comments] commenting, filling in forms and signing
    }
trust-none = there are no certificates in here
    .help = an anchor is a certificate in PEM: lines between BEGIN CERTIFICATE and END CERTIFICATE
trust-certificate = certificate { $number } in this file can't be read
    .help = get the certificate from its issuer again, in PEM

## Signing

p12-unreadable = this is no file with a key and a certificate (PKCS#12, mostly .p12 or .pfx), or it is damaged
    .help = use the file as the issuer of the certificate gave it
p12-unsupported = this file with a key and a certificate is encrypted in a way that this program does not know
    .help = make it again with AES, for instance with ‘openssl pkcs12 -export’
p12-passphrase = the passphrase of the file with the key is not right
    .help = mind capitals; it is the passphrase with which the .p12 or .pfx file was made
p12-without-key = there is no key to sign with in this file, only certificates if anything
    .help = ask for the .p12 or .pfx file that has the private key in it too
p12-several-keys = there are { $total } keys in this file; it isn't clear which one is to sign
    .help = make a file with nothing but the key and the certificate of the signer
p12-key-without-certificate = there is no certificate in this file that goes with the key
    .help = make the file again with key and certificate of the same signer
p12-key-unsupported = this kind of key can't be used to sign
    .help = use an RSA key of 2048 to 8192 bits, or a key on P-256, P-384 or P-521
p12-key-short = this RSA key is shorter than 2048 bits, and a signature with it can be forged
    .help = apply for a certificate with a longer key
p12-key-broken = the key in this file fails to sign
    .help = ask the issuer of the certificate for a new file
p12-certificate = a certificate in this file can't be read
    .help = ask the issuer of the certificate for a new file
p12-certificate-early = the certificate of { $name } is valid from { $day } only
    .help = sign from that day on, or use a certificate that is valid now
p12-certificate-expired = the certificate of { $name } expired on { $day }
    .help = use a certificate that is valid now
p12-certificate-use = the certificate of { $name } is not meant for signing
    .help = use a certificate for signatures, not one for encryption or a website
tsa-url = { $url } is no address of a timestamp service
    .help = the address begins with http:// or https://; the issuer of the certificate can tell it
tsa-proxy = the address of the proxy can't be read
    .help = check the environment variables HTTPS_PROXY, HTTP_PROXY and ALL_PROXY
sign-closed = signature { $field } closes the document: nothing may be added to it
    .help = sign a copy from before that signature
sign-file-full = there is no room for a signature in this PDF: it is too large, or the numbers for its parts are used up
    .help = make a smaller PDF, for instance without the enclosures, and sign that
sign-structure = the structure for screen readers in this PDF is not in order; no visible signature can be put in it
    .help = sign without a visible signature, or mend the PDF in the program that made it
sign-appearance = what is to be seen of the signature does not fit in the PDF
    .help = sign without a visible signature
sign-page = there is no page { $page }: the PDF has { $total }
    .help = choose a page from 1 to { $total }
sign-visible-later = there is a signature in this PDF already; to add a visible one would make that invalid
    .help = sign without a visible signature, or have the first signer begin anew, with places for the others
sign-without-place = { $id } is signed, but the signature of { $signatory } is not to be seen on the letter
    .help = the signature counts all the same; places to show it, one for each signer, are there only if ‘postkamer sign’ made the first signature
sign-message-grows = the signature came out larger than the room for it, time and again
    .help = try again; otherwise use another timestamp service
sign-passphrase-missing = the passphrase of the file with the key is missing
    .help = give it with --passphrase-file or in the environment variable POSTKAMER_P12_PASSPHRASE
sign-passphrase-file = { $path } holds no passphrase that can be read
    .help = put the passphrase on the first and only line, as plain text (UTF-8)
sign-file-missing = the file { $path } is not there
    .help = check the path
sign-file-large = { $path } is too large to read
    .help = see whether this is the right file
sign-over-key = { $path } is the file with the key or its passphrase
    .help = choose another file with -o
sign-over-itself = { $path } is the file that is being signed; it stays as it is
    .help = choose another name with -o
sign-exists = { $path } is there already
    .help = choose another name with -o, or take the file away

## The archive

archive-chain-lost = { $id } was archived after event { $event } of the register, which is not there any more or has become another one
    .help = events were cut off the register, or it was made anew; keep it as it is and compare it with a backup
archive-elsewhere = { $id } is a letter of another workspace
    .help = hand the file in there: each workspace has an archive of its own
archive-letter-missing = { $id } is not in the archive
    .help = issue an outgoing letter again with ‘postkamer issue’: unchanged it gets no new number, and comes into the archive; to an incoming one, add its file with ‘postkamer archive add FILE --id { $id } --scan’
archive-letters-missing = { $letters ->
        [one] one letter is
       *[other] { $letters } letters are
    } not in the archive yet, as there was no archive then
    .help = issue an outgoing letter again with ‘postkamer issue’; unchanged it comes into the archive under its number; give an incoming one its file again with ‘postkamer archive add FILE --id NUMBER --scan’
archive-gone = there is no archive in { $path } any more
    .help = put the folder back where it was, or from a backup; if the archive is elsewhere, say so with url under [archief]
archive-lost = there is no archive in { $path }, while the register has { $letters ->
        [one] one letter
       *[other] { $letters } letters
    } in the archive
    .help = put the folder back where it was (is the disk mounted?), or from a backup; if the archive is elsewhere, say so with url under [archief]. A new archive would lack those letters, so nothing was made
archive-missing = there is no archive in { $path } yet
    .help = it comes with the first letter that is issued or received; else look at url under [archief]
archive-no-letter = this file does not begin with a letter that was issued here
    .help = sign the file that was issued (uitgaand/…), without saving or printing it with another program first; if it is a scan of a letter that was signed on paper, say so, with its reference (--scan --id REFERENCE)
archive-not-this-letter = this file doesn't begin with the bytes of { $id } as it was issued
    .help = sign the file that was issued (uitgaand/…), without saving or printing it with another program first
archive-other-letter = this is not { $id } but { $other }
    .help = leave out --id, or give --id { $other }
archive-not-standing = { $id } has the status { $status } and can't be signed
    .help = { $direction ->
        [in] this letter came in; add a file that belongs to it with ‘postkamer archive add FILE --id { $id } --scan’, or in the workbench with the tick below the reference
       *[uit] only an issued letter that was not withdrawn can come back signed
    }
archive-object-changed = what the archive has of { $id } is not what the register has recorded
    .help = ‘postkamer archive verify { $id }’ says which file was changed; put it back from a backup
archive-kept-unreadable = this program can’t read what the archive has of { $id } under ‘{ $field }’
    .help = use a newer version of the program; if that does not help, report this
archive-register-differs = { $path } of { $id } is another file in the archive than among the letter's files in the register
    .help = ‘postkamer register verify’ says whether something was changed
archive-scan-unknown = this file is no scan that the archive knows
    .help = give a PDF, PNG, JPEG or TIFF
archive-signature-lost = this file lacks a signature that { $id } has in the archive already
    .help = whoever signs second signs the file that the first one signed; ‘postkamer archive get { $id }’ gives it
archive-superseded = this is version { $version } of { $id }; version { $current } is the current one
    .help = sign the current version (uitgaand/…)
archive-exported = letters: { $letters }, files: { $files }
archive-verify-clean = objects: { $objects }; everything is as it was archived
archive-verify-wrong = objects: { $objects }, faults: { $faults }; leave the archive as it is and compare it with a backup
archive-versions = Versions
archived-vastgesteld = issued
archived-ondertekend = signed
archived-gescand = scanned
archived-ontvangen = received
archive-version = { $version }  { $kind }  { $files ->
        [one] 1 file
       *[other] { $files } files
    }
archive-id-refused = an object of the archive can't have ‘{ $id }’ as its reference
    .help = a reference is not empty, has no control characters and is at most 4096 bytes long
archive-path-refused = a file can't be kept in the archive by the name ‘{ $path }’
    .help = rename it: no backslash or control characters, not ‘.’ or ‘..’, and each part at most 255 bytes long
archive-path-twice = ‘{ $path }’ is twice among the files, or is named like a folder beside it; capitals and the way accents are written make no difference
    .help = rename one of the two
archive-version-empty = there are no files to archive as { $id }
    .help = nothing was archived; see with ‘postkamer register show { $id }’ which files the letter has
archive-folder-taken = { $path } holds something other than an archive
    .help = name a folder that is empty or does not exist yet, as url under [archief]
archive-other-ocfl = the archive { $path } is of another version of OCFL ({ $version }) than 1.1
    .help = update the program, or name another archive as url under [archief]
archive-other-layout = the archive { $path } is not laid out the way this program does
    .help = name an archive that this program made, as url under [archief]
archive-other-disk = { $staging } is on another disk than the archive { $path }, so that nothing can be moved into the archive in one step
    .help = take a folder on the disk as the archive, not the disk itself
archive-object-overtaken = { $id } was changed in the archive in the meantime
    .help = try again
archive-ahead = the archive has version { $found } of { $id }, the register none after { $version }
    .help = if the register was put back from a backup, put back a newer one; nothing was taken out of the archive
archive-behind = the register knows version { $version } of { $id }, but the archive does not have it
    .help = put the archive back from a backup
archive-mark-broken = { $path } was touched: it no longer says which version was on its way into the archive
    .help = put the file back from a backup; if you are sure that nobody is archiving now and ‘postkamer archive verify’ finds nothing, delete it
archive-no-such-file = version { $version } of { $id } has no file ‘{ $path }’ in the archive
    .help = ‘postkamer archive show { $id }’ shows the versions and their files
archive-inventory-broken = { $path } is not an inventory as OCFL prescribes it (rule { $rule }, at { $at })
    .help = put the file back from a backup
archive-inventory-changed = { $path } was changed since it was archived: what it says about the files no longer counts
    .help = put the file back from a backup
archive-file-changed = { $path } was changed since it was archived
    .help = put the file back from a backup
archive-file-missing = { $path } is gone from the archive
    .help = put it back from a backup
archive-file-extra = { $path } does not belong in the archive
    .help = see what it is and take it away: the archive holds only what this program puts there
archive-file-unreadable = { $path } in the archive can't be read: { $cause }
    .help = check the permissions and the disk
archive-link = { $path } in the archive is a link or something else that is no plain file; it is not followed
    .help = put the file or folder itself in its place, from a backup
archive-empty-folder = { $path } in the archive is an empty folder
    .help = take the folder away, or put back what belongs in it
archive-object-unknown = { $path } lies in the archive, but the register recorded nothing there
    .help = if it was moved, put it back; if the register was put back from a backup, take a newer one
archive-object-missing = { $id } is gone from the archive; it belongs in { $path }
    .help = put the folder back from a backup

## Metadata and transfer

retention-invalid = ‘{ $value }’ is no retention period
    .help = write P and then the number of years, months or days, such as P20Y (20 years), P1Y6M (a year and a half) or P90D (90 days)
retention-of-kept = what is kept for good has no retention period ({ $term })
    .help = remove bewaartermijn, or write waardering = "te vernietigen"
appraisal-unknown = ‘{ $value }’ is no appraisal
    .help = { $meant ->
        [none] write waardering = "blijvend te bewaren" (keep) or "te vernietigen" (destroy), or the code: B or V
       *[other] did you mean ‘{ $meant }’?
    }
archive-folder = ‘{ $value }’ can't be the folder of the archive: { $reason ->
        [address] the archive is a folder, not an address
        [workspace] that is the folder of the workspace itself
        [taken] that folder is for something else
       *[control] it holds characters that can't be seen
    }
    .help = choose a folder that holds nothing else, such as url = "archief"
anchor-empty = this anchor has no path
    .help = name the file (PEM) with the certificate, such as "vertrouwen/ca.pem", or remove it
mdto-missing = the metadata (MDTO) of { $id } lack { $element }
    .help = add it: a subject with ‘postkamer register correct’, the name of the organisation in postkamer.toml
source-unreadable = a file that the letter was made from can't be read: { $path }: { $cause }
    .help = get the letter from the archive again with ‘postkamer archive get’, and check the archive with ‘postkamer archive verify’
export-nothing = there is no letter to transfer
    .help = name the numbers of the letters; ‘postkamer archive list’ shows them
export-folder-taken = there is something in { $path } already
    .help = choose a folder that isn't there yet, or that is empty
export-in-archive = { $path } lies in the archive, which holds nothing but the archive
    .help = choose a folder outside it
export-without-files = the archive holds no files of { $id }
    .help = check the archive with ‘postkamer archive verify’
export-digest = the file { $path } of { $id } is no longer what was archived
    .help = put the archive back from a backup and check it with ‘postkamer archive verify’
export-signature = a signature in { $path } of { $id } is not valid
    .help = see with ‘postkamer archive show’ why, and ask for a newly signed copy if need be

## Mailings

mail-no-rows = below the header of the table there is no row at all
    .help = give each recipient a row
mail-too-many-rows = the table has { $rows } rows; a mailing has { $limit } at most
    .help = split the table
mail-reference-fixed = every letter of a mailing gets a reference of its own
    .help = take kenmerk out of the letter
mail-columns-nameless = the table has no column organisatie and no column achternaam
    .help = { $meant ->
        [none] the first row names the columns, such as organisatie, straat, huisnummer, postcode and plaats
       *[other] is the column ‘{ $meant }’ one of them? Then give it that name
    }
mail-field-fixed = ‘{ $key }’ is the same for every recipient: { $value }
    .help = { $key ->
        [verzonden_aan] take the line out of the letter, unless every recipient may see these addresses
       *[other] give the table a column { $key }, or take the line out of the letter
    }
mail-column-double = the columns ‘{ $other }’ and ‘{ $key }’ fill the same field
    .help = give one of them another name or take it out
mail-name-without-column = the letter names ‘{ $key }’, but { $file } has no column of that name
    .help = { $meant ->
        [none] add the column, or take the name out of the letter
       *[other] did you mean ‘{ $meant }’?
    }
mail-column-unused = the column ‘{ $key }’ fills no field and is named nowhere
    .help = { $meant ->
        [none] { $names ->
            [none] take the column out, or give it a name of letters without accents, digits and _ to name it in the letter
           *[other] take the column out, or name it in the letter as {"{{"}rij.{ $names }{"}}"}, with a line { $names } = "example" below [rij]
        }
       *[other] did you mean ‘{ $meant }’?
    }
mail-rows-empty = empty rows are skipped: { $rows }
mail-cell-empty = the letter names ‘{ $name }’, but the cell is empty
    .help = fill the cell in, or put the sentence in the letter between {"{{"}#if { $name }{"}}"} and {"{{"}/if{"}}"}
mail-number-is-day = ‘{ $value }’ is a date; a spreadsheet makes that of a house number such as 1-3
    .help = format the column as text and type the house number again
mail-number-decimal = the number of a house or a box has no decimals: { $value }
    .help = format the column as text and type the number again
mail-number-scientific = the spreadsheet has shortened this number to { $value }
    .help = format the column as text and type the whole number again; the digits that are gone are no longer in the file
mail-cell-error = the formula in this cell gave an error ({ $value })
    .help = mend the formula in the spreadsheet or put the value there, widen the column where it shows only hashes, and save the table again
mail-cell-number = this is how the cells of ‘{ $key }’ look in the letter: { $value }
    .help = if it must look otherwise, such as € 1.250,50 or 15%, format the column as text in the spreadsheet and type the cells again
mail-day = ‘{ $value }’ is no date
    .help = write a day that exists as 2023-02-21, 21-2-2023 or 21 februari 2023
mail-name-incomplete = ‘{ $other }’ is filled in, but the surname is not
    .help = fill in achternaam, or make ‘{ $other }’ empty
mail-form-unknown = the form of address is unknown; the salutation becomes: { $value }
    .help = fill in mevrouw or heer, or none if it is right as it is
mail-double = this recipient is in row { $other } too
    .help = take one of the rows out, or leave it if two letters are meant
mail-double-email = the e-mail address { $value } is in row { $other } too
    .help = take one of the rows out, or leave it if these are two recipients
mail-more-pages = this letter gets { $pages } pages, that of the specimen row { $expected }
    .help = see whether that is meant: it matters for folding and postage
mail-window-address = the address does not fit the window of the envelope
    .help = make the address shorter, or see in sjabloon.toml whether the window is right
mail-window-other = in the window of the envelope there is more to be seen than the address: { $value }
    .help = see in sjabloon.toml whether the window is right, and make long texts around it shorter
mail-window-drawn = in the window of the envelope a line, a surface or an image is to be seen beside the address
    .help = see in sjabloon.toml whether the window is right, and in stijl.typ what is there
mail-no-kix = this address has no KIX code; the letter goes without
    .help = the code needs a house number, with a short suffix, or the number of a PO box

## Print files

print-piece-broken = the letter ‘{ $title }’ can't go into the print file: its PDF is damaged, encrypted or empty
    .help = check the archive with ‘postkamer archive verify’ and get a sound PDF from there
print-piece-layers = the letter ‘{ $title }’ can't go into the print file: it has layers that can be on or off
    .help = print this letter by itself from a PDF program, which shows the layers
print-nothing = there are no letters to put into the print file
    .help = see with ‘postkamer mail status’ which letters are ready
print-too-many-objects = the print file would have more than { $most } parts, which no PDF program can read
    .help = split the table and make more print files
print-file-title = { $title } (print file)
print-file-subject = Print file of a mailing: for printing only. It is no archival record; the letters in the archive are what counts.
print-file-keywords = print file, mailing, no archival record
outside-print = the print file can't be written: { $cause }
    .help = the letters themselves are still there; check space and permissions and try again

## Running mailings

mail-name = { $value } is no name for a mailing
    .help = a name begins with a letter or digit and has letters, digits, spaces, dashes (- and _) and dots; { $limit } characters at most
mail-unknown = there is no mailing called { $name }{ $meant ->
        [none] {""}
       *[other] ; did you mean { $meant }?
    }
    .help = { $names ->
        [none] there is no mailing yet; ‘postkamer mail run’ begins one
       *[other] there are: { $names }
    }
mail-other-letter = the mailing { $name } was begun with another letter: { $letter }
    .help = give that letter, or give this mailing a name of its own with --name
mail-letter-changed = the letter, its template, an enclosure or a setting has changed since the mailing { $name } began (made already: { $done }): { $changed }
    .help = letters that were made stay as they are: put back what changed to finish the mailing or print it again, or begin a new mailing with --name for the rows that get the new letter
mail-letter-differs = the letter, its template, an enclosure or a setting is not what it was when the mailing { $name } was planned
    .help = run ‘postkamer mail run’ again with this letter; it explains what can be done
mail-row-changed = this row has changed since its letter { $id } was made{ $was ->
        [none] {""}
       *[other] ; it was: { $was }
    }
    .help = put back what was there; whoever is to get another letter goes into a new mailing
mail-row-gone = row { $row } ({ $value }) is no longer in the table, and letter { $id } is made already
    .help = put the row back: rows that are done stay in the table, mended and new rows come with them
mail-row-gone-waiting = row { $row } ({ $value }) is no longer in the table, and reference { $id } is reserved for it
    .help = put the row back, or first make the reference void with ‘postkamer register void { $id } --reden …’
mail-number-void = reference { $id } was made void before there was a letter
    .help = if there is to be a letter all the same, put the row into a new mailing
mail-row-fatal = the program ended again and again while it made this letter; the row is refused
    .help = make the row shorter or simpler; if that doesn't help, report it to whoever manages the program, with this row
mail-row-slow = this letter was not done after { $seconds } seconds; the row is refused
    .help = make the row shorter or simpler; if that doesn't help, report it to whoever manages the program, with this row
mail-letter-left-out = letter { $id } is left out, as it is { $status }
mail-pdf-falls-short = the PDF of { $id } does not conform: { $reason }
    .help = report this to whoever manages the program, with the letter
mail-file-aside = { $path } was there already and is something else
    .help = that file is kept as { $kept }
mail-file-not-placed = file ‘{ $name }’ could not be put in its place, as it is no longer what was recorded at issue (number of letters: { $count })
    .help = put the file back as it was, where the letter names it, and run ‘postkamer mail run’ again
mail-report-kind = a report is a .csv or a .json file, and { $path } is neither
    .help = choose a name that ends in .csv or .json

## Outside the program

system-missing = there is no such file or folder
system-denied = that is not allowed (no permission)
system-full = the disk is full
system-read-only = it can only be read from
system-folder = that is a folder
system-no-folder = part of the path is no folder
system-name = the name is too long, or can't be on this disk
system-busy = another program is using it
system-quota = no more may be put on this disk
outside-read = { $path } can't be read: { $cause }
    .help = nothing was changed; check the permissions and try again
outside-mail-worker = a process of the mailing has stopped: { $cause }
    .help = the reason is above; what was recorded is intact, and ‘postkamer mail run’ goes on where the mailing was
outside-write = { $path } can't be written: { $cause }
    .help = what was there is still there; check space and permissions and try again
outside-write-folder = the folder { $path } is not there
    .help = make that folder, or choose another
outside-png = page { $path } can’t become a PNG: { $cause }
    .help = choose --format pdf or --format svg
outside-watch = { $path } can't be watched: { $cause }
    .help = use ‘postkamer render’
outside-timestamp = the timestamp service { $path } can't be reached: { $cause }
    .help = nothing was signed; check the address and the connection and try again
outside-timestamp-status = the timestamp service { $path } answers with a failure: HTTP { $cause }
    .help = nothing was signed; check the address or try again later
outside-timestamp-answer = the timestamp service { $path } gives an answer that is no timestamp: { $cause }
    .help = nothing was signed; check that this is the address of a timestamp service (RFC 3161)
outside-timestamp-rejected = the timestamp service { $path } refuses a timestamp: { $cause }
    .help = nothing was signed; ask whoever runs the service why
outside-timestamp-other = the timestamp service { $path } gives a timestamp that does not belong to this signature ({ $cause })
    .help = nothing was signed; try again, and otherwise use another service

## Messages

sign-ask-passphrase = passphrase of { $path }:
written = written: { $path }
kept = already there, stays as it is: { $path }
check-clean = letters without errors: { $total }
check-wrong = letters: { $total }, with errors: { $wrong }
mail-checked = rows: { $total }, in order: { $fine }, with errors: { $wrong }
mail-progress = { $done } of { $all } letters; { $rate } a second, { $left } s left
mail-validated = PDFs validated: { $checked }, not conforming: { $wrong }
mail-printed = print file: { $path } (letters: { $letters }, pages: { $pages }, of which blank: { $blanks }); not for keeping
mail-refused-row = refused: { $place }: { $reason }
mail-refused-more = … and { $count } more refused { $count ->
        [one] row
       *[other] rows
    }; --report FILE has all of them
mail-standing = { $name }: { $done } of { $total } done, { $refused } refused, { $waiting } waiting
mail-standing-busy = { $name }: { $done } of { $total } done, { $refused } refused, { $waiting } waiting, { $busy } under way (processes: { $workers })
watch-waits = waiting until { $path } is there again; Ctrl+C ends the wait
watch-done = { $path } ({ $time } ms)

## The workbench

mail-no-letter = choose the letter of the mailing
    .help = if it is not among them, write it first among the letters
mail-no-table = give the table of recipients
    .help = a file from Excel (.xlsx), LibreOffice (.ods) or a .csv file
mail-taken = there is a mailing called { $name } already
    .help = choose another name, or go on with the mailing that is there
mail-busy = the mailing { $name } is at work; meanwhile its table does not change
    .help = wait until it is done
mail-look-old = the letter, the table or a setting has changed since you looked at the mailing; nothing was begun
    .help = go back, look at the mailing again and start it then
serve-url-missing = at { $address } the workbench can be reached under any name, so that it can't tell whether a request is meant for it
    .help = say with --url under what address people reach it, such as --url https://post.example.nl, or listen on one address
serve-url = ‘{ $url }’ is no address at which a browser can reach the workbench
    .help = give the address without a path, such as https://post.example.nl
serve-listening = The workbench is open at { $url } and listens on { $address } (Ctrl-C stops it)
serve-no-accounts = Note: there are no accounts yet, so nobody can sign in; make one with ‘postkamer user add NAME’
serve-not-secure = Note: without TLS passwords cross the network in the clear; put a reverse proxy with TLS before the workbench and give --url https://…
account-taken = there is an account ‘{ $name }’ already
    .help = give it a new password and role with --replace, or choose another name
account-unknown = there is no account ‘{ $name }’
    .help = ‘postkamer user list’ lists the accounts
account-name = ‘{ $name }’ can't be the name of an account
    .help = use at most 64 letters and digits, with . - _ or @ between them, such as a.jansen
account-added = Account ‘{ $name }’ with the role { $role } is ready
account-removed = Account ‘{ $name }’ is gone
password-length = a password has at least { $least } characters and at most { $most } bytes
    .help = take a sentence of a few words
password-missing = the password is missing, and there is no terminal to ask for it
    .help = give it with --password-file: a file with the password on its first line
password-differs = the two passwords are not the same
    .help = begin again
ask-password = Password (at least { $least } characters):
ask-password-again = Once more:
outside-listen = can't listen on { $path }: { $cause }
    .help = is there a workbench open already, or does another program use this port? Choose another with --listen 127.0.0.1:7879
outside-hash = the password can't be processed: { $cause }
    .help = nothing was changed; close programs that take much memory and try again
outside-request = this request was broken off: { $cause }
    .help = try again; what was recorded is still there
outside-errand = the work for this failed: { $cause }
    .help = what was recorded is still there; try again, or ask whoever manages the workbench for its log
outside-errand-answer = what the program says about this can't be read (in full): { $cause }
    .help = look first whether it was done before you do it again; if this goes on, do it on the command line
outside-errand-slow = the work for this took longer than { $cause } seconds and was ended
    .help = what was recorded is still there; make it smaller, or do it on the command line
mail-table-heavy = this table is too large to be read: { $file }
    .help = split the table, or save the sheet as CSV; also remove empty rows and columns that have formatting only
recorded-outside = the file of { $id } lies outside the workspace: { $path }
    .help = check the register under ‘Check’, or ask a manager to
recorded-algorithm = the file { $path } of { $id } has a digest made with ‘{ $algorithm }’, which this program doesn’t know
    .help = use a newer version of the program
recorded-missing = the file { $path } of { $id } is gone
    .help = put it back from the archive or a backup
recorded-changed = the file { $path } of { $id } was changed after it was recorded, and is therefore not shown
    .help = put it back from the archive or a backup
recorded-unreadable = the file { $path } of { $id } can’t be read: { $cause }
    .help = check the permissions and the disk
press-row = there is no row { $row } in the table (any more)
    .help = choose another row; the table may have been replaced meanwhile
press-slow = this letter takes longer than { $seconds } seconds to lay out
    .help = undo the last change; if that does not help, see whether something in the template repeats without end
press-died = the program ended while it laid out this letter
    .help = undo the last change; if that does not help, the letter or its template takes too much memory
letter-unseen = this letter, or what belongs to it (template, settings, figures, the day), was changed since you looked at it
    .help = look at the letter as it is now, then issue it
letter-fence = the head of the file has a line with nothing but +++, which would end it too early; nothing was saved
    .help = remove that line from the head as text, or put something before it, and save then
letter-front = the head of the file can't be read, so what you changed in the fields can't be put into it; nothing was saved
    .help = mend what you changed in the head as text, then save
