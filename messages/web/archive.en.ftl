# The words of the desk and the archive in the workbench.

## The desk

web-desk-quick = Quick start
web-desk-new-letter = New letter
web-desk-receive = Register a letter
web-desk-new-mailing = New mailing
web-desk-due = Deadlines
web-desk-due-caption = Letters whose deadline is over or comes within two weeks
web-desk-nothing-due = Nothing needs to be answered in the next two weeks.
web-desk-more-due = There are more: see the register
web-desk-days-late = { $days ->
    [one] 1 day late
   *[other] { $days } days late
}
web-desk-days-left = { $days ->
    [one] 1 day left
   *[other] { $days } days left
}
web-desk-today = today
web-desk-no-subject = no subject
web-desk-open = To be answered
web-desk-nothing-open = All letters that came in were answered or dealt with.
web-desk-whole-register = All letters in the register
web-desk-unsigned = Waiting for a signature
web-desk-nothing-unsigned = No issued letter waits for a signature.
web-desk-take-in = Hand in a signed letter
web-desk-drafts = Drafts
web-desk-no-drafts = There are no drafts. Begin with a new letter.
web-desk-all-letters = All letters
web-desk-mailings = Mailings under way
web-desk-no-mailings = No mailing is under way.
web-desk-mailing = { $done } of { $all } rows done

## The archive

web-archive-add = Hand in a signed letter
web-archive-file = The file
web-archive-file-help = The signed PDF, or a scan (PDF, PNG, JPEG or TIFF), { $most } MB at most; of a letter that came in, any file. Its signatures are checked; only then is the letter archived.
web-archive-id = Reference
web-archive-id-help = Not needed for a PDF with a digital signature: the file itself says which letter it is.
web-archive-scan = This is the scan of a letter that was signed on paper, or the file of a letter that came in
web-archive-scan-which = Fill in the reference with a scan: a scan does not say itself which letter it is. Nothing was archived.
web-archive-take-in = Hand in
web-archive-no-file = Choose a file first. Nothing was archived.
web-archive-refused = ‘{ $file }’ was not archived
web-archive-refused-help = Nothing was changed: the archive and the register are as they were.
web-archive-none = Nothing is archived yet. A letter comes here as soon as it is issued, or is registered with a file.
web-archive-letters = Letters
web-archive-caption = Letters in the archive: { $all }, the newest number first (page { $page } of { $pages })
web-archive-do = Do
web-archive-waits = waits for a signature
web-archive-pages = Pages
web-archive-newer = Newer
web-archive-older = Older
web-archive-entry = In the register
web-archive-version = Version { $version }: { $kind }
web-archive-files = Files of version { $version }
web-archive-rest = What the letter was made of and what is recorded of it ({ $files } files)
web-archive-name = File
web-archive-size = Size
web-archive-digest = Digest (SHA-512)
web-archive-digest-whole = the whole digest
web-archive-paper = The letter
web-archive-paper-title = The letter { $id } as it is archived
web-archive-paper-open = Open the letter by itself
web-archive-judged = Checked on { $moment }
web-archive-fixity = Check of the archive

## Whether all is what was archived

web-fixity-what = Every file in the archive has a digest. A check reads all of them and compares them with what the register knows.
web-fixity-none = The archive was not checked since the workbench was started.
web-fixity-when = Begun on { $moment } by { $name }
web-fixity-runs = The archive is being checked. You can go on working: this page will tell how it ends.
web-fixity-clean = { $letters ->
    [one] 1 letter checked: all is as it was archived.
   *[other] { $letters } letters checked: all is as it was archived.
}
web-fixity-wrong = { $faults ->
    [one] Letters checked: { $letters }. One fault found: leave the archive as it is and compare it with a backup.
   *[other] Letters checked: { $letters }. { $faults } faults found: leave the archive as it is and compare it with a backup.
}
web-fixity-more = There are more: ‘postkamer archive verify --json’ gives them all.
web-fixity-failed = The check did not work out. Ask whoever manages the workbench for the log.
web-fixity-do = Check now
web-fixity-back = Back to the archive
