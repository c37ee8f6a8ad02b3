# The words of the mailings in the workbench.

web-mailings-new = New mailing
web-mailings-about = A mailing is one letter to every row of a table. Each letter gets a reference of its own and goes into the register and the archive.
web-mailings-none = There are no mailings yet.
web-mailings-prepared = Prepared, not started yet
web-mailings-started = Started
web-mailings-name = Name of the mailing
web-mailings-name-help = Under this name you will find the mailing again, such as ‘Works in Dorpsstraat 2023’. Letters, digits, spaces, hyphens and full stops.
web-mailings-letter = Letter
web-mailings-letter-help = The letter that all recipients get. It is among the letters and has an example recipient.
web-mailings-letters-meant = Letters for a mailing (with an example row)
web-mailings-letters-other = Other letters
web-mailings-no-letters = There are no letters yet. Write the letter first, then you can send it to many.
web-mailings-write-letter = New letter
web-mailings-table = Table of recipients
web-mailings-table-help = A file from Excel (.xlsx), LibreOffice (.ods) or a .csv file. The first row names the columns; every other row is a recipient. At most { $most } MB and { $rows } rows.
web-mailings-new-about = Choose the letter and the table. Nothing goes out yet: first everything is checked, and you look at the letters before you start.
web-mailings-prepare = Prepare and check
web-mailings-cancel = Cancel
web-mailings-state = State
web-mailings-rows = Rows
web-mailings-rows-done = Done
web-mailings-rows-refused = Refused
web-mailings-rows-waiting = Waiting
web-mailings-rows-busy = Busy
web-mailings-working = working
web-mailings-stopped = stopped
web-mailings-done = done
web-mailings-refused = done, with refused rows
web-mailings-unreadable = This mailing can't be read like this
web-mailings-checked = Checked
web-mailings-checking = The mailing is being checked: { $count } rows. Meanwhile you can look at letters, or leave this page.
web-mailings-check-failed = The check did not succeed:
web-mailings-check-again = Check again
web-mailings-check-again-help = Needed when the template or an enclosure has changed.
web-mailings-all-fine = { $total ->
        [one] The row is in order.
       *[other] All { $total } rows are in order.
    }
web-mailings-some-wrong = Of the { $total } rows, { $fine } are in order. Refused: { $wrong }.
web-mailings-not-ready = The mailing can't start like this: first mend what is said below about the columns.
web-mailings-to-start = Last look and start
web-mailings-to-standing = How the mailing stands
web-mailings-to-table = To the table
web-mailings-found-columns = About the columns
web-mailings-found-wrong = Rows that are refused
web-mailings-found-noted = Rows with a remark
web-mailings-refused-csv = Download these rows to mend them (CSV, with the reason)
web-mailings-refused-file = refused { $name }
web-mailings-more = … and { $count } more { $count ->
        [one] row
       *[other] rows
    }.
web-mailings-row = Row
web-mailings-column = Column
web-mailings-finding = What was found
web-mailings-jump = Look at the letter of row
web-mailings-jump-go = Look
web-mailings-columns = Columns
web-mailings-columns-caption = What each column fills in the letter
web-mailings-column-name = Name
web-mailings-column-use = What for
web-mailings-column-first = First row
web-mailings-use-field = fills the field
web-mailings-use-named = is in the text as
web-mailings-use-reason = reason of an earlier refusal; not counted
web-mailings-unused = not used
web-mailings-unused-help = This column fills no field and is not named in the letter.
web-mailings-replace = Another table
web-mailings-replace-summary = Replace the table by a mended one
web-mailings-replace-help = Give the whole table, not only the mended rows. If the mailing has begun, letters that are there stay as they are.
web-mailings-upload = Replace the table
web-mailings-row-title = Row { $row } of { $name }
web-mailings-row-found = About this row
web-mailings-row-cells = What is in the row
web-mailings-row-steps = Other rows
web-mailings-row-before = Previous row
web-mailings-row-after = Next row
web-mailings-row-back = Back to the mailing
web-mailings-row-of = recipient { $at } of { $count }
web-mailings-row-no-pages = This row gets no letter like this.
web-mailings-row-example = This is how the letter looks on paper. The reference on it is an example: each letter gets its own when the mailing starts.
web-mailings-row-page = Page { $at } of { $count } of the letter
web-mailings-start-title = Start { $name }
web-mailings-have-letter = Have a letter already
web-mailings-get-letter = Get a letter
web-mailings-refused-rows = Refused rows
web-mailings-refused-out = these get no letter and no reference
web-mailings-numbers = References
web-mailings-numbers-from = the next is { $number }; the rows get consecutive references in the order of the table
web-mailings-start-new = As soon as you start, { $count } references are reserved and the letters are made, issued and archived. This can't be undone; a letter can be withdrawn later.
web-mailings-start-again = Rows that have a letter keep it. Only rows that still wait or were mended get a letter now.
web-mailings-start = Start: make { $count } { $count ->
        [one] letter
       *[other] letters
    }
web-mailings-go-on = Go on
web-mailings-back = Back
web-mailings-planning = The mailing begins: { $count } rows are checked once more and get their references.
web-mailings-progress = Progress of the mailing
web-mailings-so-far = { $done } of { $total } rows done.
web-mailings-rate = { $rate } a second, about { $left } to go.
web-mailings-seconds = { $count } s
web-mailings-minutes = { $count } min
web-mailings-hours = { $count } h
web-mailings-workers = Processes at work: { $count }.
web-mailings-started-by = Started by { $name }.
web-mailings-working-help = You can leave this page: the mailing goes on.
web-mailings-stopped-told = The mailing has stopped: { $count ->
        [one] one row still waits, and nobody works on it
       *[other] { $count } rows still wait, and nobody works on them
    }.
web-mailings-stopped-help = Perhaps the computer was switched off or the program ended. Letters that are there stay; rows that wait keep their references. ‘Go on’ makes their letters.
web-mailings-elsewhere = This mailing was begun outside the workbench. Give the same table to go on here.
web-mailings-all-done = All letters are there: { $done }.
web-mailings-some-refused = Letters made: { $done }. Refused: { $refused }.
web-mailings-mend = Mend the refused rows in the table, give the whole table again and go on: then those rows get letters too.
web-mailings-start-refused = The mailing did not start or go on
web-mailings-start-failed = The mailing broke off
web-mailings-start-ended = The program of the mailing was ended from outside. What was recorded is still there.
web-mailings-downloads = Take along
web-mailings-report-csv = Report for a spreadsheet (CSV)
web-mailings-report-json = Report for a program (JSON)
web-mailings-report-file = report { $name }
web-mailings-print-table = Print file in the order of the table (PDF)
web-mailings-print-postcode = Print file by postcode (PDF)
web-mailings-print-file = print file { $name }
web-mailings-print-help = The print file is for printing on both sides; making it may take a while. It is not for the archive.
web-mailings-outcome = Outcome by row
web-mailings-show = Which rows
web-mailings-show-all = all
web-mailings-show-done = with a letter
web-mailings-show-refused = refused
web-mailings-no-rows = There are no such rows.
web-mailings-rows-shown = Rows { $from } to { $to } of { $count }
web-mailings-number = Reference
web-mailings-pdf = Letter
web-mailings-pdf-of = of row { $row }
web-mailings-said = Remarks
web-mailings-is-waiting = waiting
web-mailings-is-busy = busy
web-mailings-is-done = done
web-mailings-is-refused = refused
web-mailings-pages = Pages of the outcome
web-mailings-page-before = Previous
web-mailings-page-after = Next
