# De woorden van het bureau en het archief in de werkbank.

## Het bureau

web-desk-quick = Snel beginnen
web-desk-new-letter = Nieuwe brief
web-desk-receive = Brief inschrijven
web-desk-new-mailing = Nieuwe mailing
web-desk-due = Termijnen
web-desk-due-caption = Brieven waarvan de termijn voorbij is of binnen twee weken afloopt
web-desk-nothing-due = Er is de komende twee weken niets dat beantwoord moet zijn.
web-desk-more-due = Er zijn er nog meer: bekijk het register
web-desk-days-late = { $days ->
    [one] 1 dag te laat
   *[other] { $days } dagen te laat
}
web-desk-days-left = { $days ->
    [one] nog 1 dag
   *[other] nog { $days } dagen
}
web-desk-today = vandaag
web-desk-no-subject = zonder onderwerp
web-desk-open = Te beantwoorden
web-desk-nothing-open = Alle brieven die binnenkwamen, zijn beantwoord of afgedaan.
web-desk-whole-register = Alle brieven in het register
web-desk-unsigned = Wacht op ondertekening
web-desk-nothing-unsigned = Er wacht geen vastgestelde brief op een handtekening.
web-desk-take-in = Een ondertekende brief inleveren
web-desk-drafts = Concepten
web-desk-no-drafts = Er zijn geen concepten. Begin met een nieuwe brief.
web-desk-all-letters = Alle brieven
web-desk-mailings = Mailings onderweg
web-desk-no-mailings = Er is geen mailing onderweg.
web-desk-mailing = { $done } van { $all } rijen gedaan

## Het archief

web-archive-add = Een ondertekende brief inleveren
web-archive-file = Het bestand
web-archive-file-help = De ondertekende pdf, of een scan (pdf, png, jpeg of tiff), ten hoogste { $most } MB; bij een brief die is binnengekomen elk bestand. De handtekeningen worden gecontroleerd; pas daarna wordt de brief gearchiveerd.
web-archive-id = Kenmerk
web-archive-id-help = Hoeft niet bij een digitaal ondertekende pdf: het bestand zegt zelf welke brief het is.
web-archive-scan = Dit is een scan van een brief die op papier is ondertekend, of het bestand van een brief die is binnengekomen
web-archive-scan-which = Vul bij een scan het kenmerk in: een scan zegt niet zelf welke brief het is. Er is niets gearchiveerd.
web-archive-take-in = Inleveren
web-archive-no-file = Kies eerst een bestand. Er is niets gearchiveerd.
web-archive-refused = ‘{ $file }’ is niet gearchiveerd
web-archive-refused-help = Er is niets gewijzigd: het archief en het register zijn zoals ze waren.
web-archive-none = Er is nog niets gearchiveerd. Een brief komt hier zodra hij is vastgesteld, of met een bestand is ingeschreven.
web-archive-letters = Brieven
web-archive-caption = Brieven in het archief: { $all }, het nieuwste nummer eerst (pagina { $page } van { $pages })
web-archive-do = Doen
web-archive-waits = wacht op ondertekening
web-archive-pages = Pagina’s
web-archive-newer = Nieuwere
web-archive-older = Oudere
web-archive-entry = In het register
web-archive-version = Versie { $version }: { $kind }
web-archive-files = Bestanden van versie { $version }
web-archive-rest = Waar de brief van is gemaakt en wat erover is vastgelegd ({ $files } bestanden)
web-archive-name = Bestand
web-archive-size = Grootte
web-archive-digest = Controlegetal (SHA-512)
web-archive-digest-whole = het hele controlegetal
web-archive-paper = De brief
web-archive-paper-title = De brief { $id } zoals hij is gearchiveerd
web-archive-paper-open = De brief apart openen
web-archive-judged = Gecontroleerd op { $moment }
web-archive-fixity = Controle van het archief

## Of alles is wat is gearchiveerd

web-fixity-what = Elk bestand in het archief heeft een controlegetal. Bij een controle wordt alles gelezen en vergeleken met wat het register ervan weet.
web-fixity-none = Sinds de werkbank is gestart, is het archief niet gecontroleerd.
web-fixity-when = Begonnen op { $moment } door { $name }
web-fixity-runs = Het archief wordt nagekeken. U kunt verder werken: deze pagina vertelt vanzelf hoe het afloopt.
web-fixity-clean = { $letters ->
    [one] 1 brief nagekeken: alles is zoals het is gearchiveerd.
   *[other] { $letters } brieven nagekeken: alles is zoals het is gearchiveerd.
}
web-fixity-wrong = { $faults ->
    [one] Nagekeken brieven: { $letters }. Eén fout gevonden: laat het archief zoals het nu is en vergelijk het met een reservekopie.
   *[other] Nagekeken brieven: { $letters }. { $faults } fouten gevonden: laat het archief zoals het nu is en vergelijk het met een reservekopie.
}
web-fixity-more = Er zijn er meer: ‘postkamer archive verify --json’ geeft ze allemaal.
web-fixity-failed = De controle is niet gelukt. Vraag wie de werkbank beheert naar het logboek.
web-fixity-do = Nu controleren
web-fixity-back = Terug naar het archief
