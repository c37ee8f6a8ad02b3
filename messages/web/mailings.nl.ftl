# De woorden van de mailings in de werkbank.

web-mailings-new = Nieuwe mailing
web-mailings-about = Een mailing is één brief aan alle rijen van een tabel. Elke brief krijgt een eigen kenmerk en komt in het register en het archief.
web-mailings-none = Er zijn nog geen mailings.
web-mailings-prepared = Klaargezet, nog niet gestart
web-mailings-started = Gestart
web-mailings-name = Naam van de mailing
web-mailings-name-help = Onder deze naam vindt u de mailing terug, zoals ‘Werk aan de Dorpsstraat 2023’. Letters, cijfers, spaties, streepjes en punten.
web-mailings-letter = Brief
web-mailings-letter-help = De brief die alle ontvangers krijgen. Hij staat bij de brieven en heeft een voorbeeldontvanger.
web-mailings-letters-meant = Brieven voor een mailing (met een voorbeeldrij)
web-mailings-letters-other = Andere brieven
web-mailings-no-letters = Er zijn nog geen brieven. Schrijf eerst de brief, daarna kunt u hem aan velen sturen.
web-mailings-write-letter = Nieuwe brief
web-mailings-table = Tabel met ontvangers
web-mailings-table-help = Een bestand uit Excel (.xlsx), LibreOffice (.ods) of een .csv-bestand. De eerste rij noemt de kolommen; elke volgende rij is een ontvanger. Hoogstens { $most } MB en { $rows } rijen.
web-mailings-new-about = Kies de brief en de tabel. Er gaat nog niets uit: eerst wordt alles nagekeken, en u bekijkt de brieven voordat u start.
web-mailings-prepare = Klaarzetten en nakijken
web-mailings-cancel = Annuleren
web-mailings-state = Stand
web-mailings-rows = Rijen
web-mailings-rows-done = Gereed
web-mailings-rows-refused = Geweigerd
web-mailings-rows-waiting = Wachtend
web-mailings-rows-busy = Bezig
web-mailings-working = bezig
web-mailings-stopped = stilgevallen
web-mailings-done = gereed
web-mailings-refused = gereed, met geweigerde rijen
web-mailings-unreadable = Deze mailing is zo niet te lezen
web-mailings-checked = Nagekeken
web-mailings-checking = De mailing wordt nagekeken: { $count } rijen. U kunt intussen al brieven bekijken, of deze pagina verlaten.
web-mailings-check-failed = Het nakijken is niet gelukt:
web-mailings-check-again = Opnieuw nakijken
web-mailings-check-again-help = Nodig als het sjabloon of een bijlage is veranderd.
web-mailings-all-fine = { $total ->
        [one] De rij is in orde.
       *[other] Alle { $total } rijen zijn in orde.
    }
web-mailings-some-wrong = Van de { $total } rijen zijn er { $fine } in orde. Geweigerd: { $wrong }.
web-mailings-not-ready = Zo kan de mailing niet starten: eerst moet kloppen wat hieronder bij de kolommen staat.
web-mailings-to-start = Laatste blik en starten
web-mailings-to-standing = Hoe de mailing ervoor staat
web-mailings-to-table = Naar de tabel
web-mailings-found-columns = Over de kolommen
web-mailings-found-wrong = Rijen die geweigerd worden
web-mailings-found-noted = Rijen met een opmerking
web-mailings-refused-csv = Download deze rijen om te verbeteren (CSV, met de reden erbij)
web-mailings-refused-file = geweigerd { $name }
web-mailings-more = … en nog { $count } { $count ->
        [one] rij
       *[other] rijen
    }.
web-mailings-row = Rij
web-mailings-column = Kolom
web-mailings-finding = Wat er is gevonden
web-mailings-jump = Bekijk de brief van rij
web-mailings-jump-go = Bekijken
web-mailings-columns = Kolommen
web-mailings-columns-caption = Wat elke kolom in de brief vult
web-mailings-column-name = Naam
web-mailings-column-use = Waarvoor
web-mailings-column-first = Eerste rij
web-mailings-use-field = vult het veld
web-mailings-use-named = staat in de tekst als
web-mailings-use-reason = reden van een eerdere weigering; telt niet mee
web-mailings-unused = niet gebruikt
web-mailings-unused-help = Deze kolom vult geen veld en wordt in de brief niet genoemd.
web-mailings-replace = Andere tabel
web-mailings-replace-summary = De tabel vervangen door een verbeterde
web-mailings-replace-help = Geef de hele tabel, niet alleen de verbeterde rijen. Is de mailing al begonnen, dan blijven brieven die er al zijn zoals ze zijn.
web-mailings-upload = Tabel vervangen
web-mailings-row-title = Rij { $row } van { $name }
web-mailings-row-found = Over deze rij
web-mailings-row-cells = Wat er in de rij staat
web-mailings-row-steps = Andere rijen
web-mailings-row-before = Vorige rij
web-mailings-row-after = Volgende rij
web-mailings-row-back = Terug naar de mailing
web-mailings-row-of = ontvanger { $at } van { $count }
web-mailings-row-no-pages = Deze rij krijgt zo geen brief.
web-mailings-row-example = Zo komt de brief op papier. Het kenmerk erop is een voorbeeld: elke brief krijgt het zijne als de mailing start.
web-mailings-row-page = Pagina { $at } van { $count } van de brief
web-mailings-start-title = { $name } starten
web-mailings-have-letter = Hebben al een brief
web-mailings-get-letter = Krijgen een brief
web-mailings-refused-rows = Geweigerde rijen
web-mailings-refused-out = deze krijgen geen brief en geen kenmerk
web-mailings-numbers = Kenmerken
web-mailings-numbers-from = het eerstvolgende is { $number }; de rijen krijgen opeenvolgende kenmerken in de volgorde van de tabel
web-mailings-start-new = Zodra u start, worden { $count } kenmerken gereserveerd en de brieven gemaakt, vastgesteld en gearchiveerd. Dat is niet terug te draaien; een brief kan later wel worden ingetrokken.
web-mailings-start-again = Rijen die al een brief hebben, houden die. Alleen rijen die nog wachten of verbeterd zijn, krijgen nu een brief.
web-mailings-start = Start: { $count } { $count ->
        [one] brief
       *[other] brieven
    } maken
web-mailings-go-on = Verder gaan
web-mailings-back = Terug
web-mailings-planning = De mailing begint: { $count } rijen worden nog eens nagekeken en krijgen hun kenmerk.
web-mailings-progress = Voortgang van de mailing
web-mailings-so-far = { $done } van { $total } rijen gedaan.
web-mailings-rate = { $rate } per seconde, nog ongeveer { $left }.
web-mailings-seconds = { $count } s
web-mailings-minutes = { $count } min
web-mailings-hours = { $count } uur
web-mailings-workers = Werkprocessen: { $count }.
web-mailings-started-by = Gestart door { $name }.
web-mailings-working-help = U kunt deze pagina verlaten: de mailing gaat door.
web-mailings-stopped-told = De mailing is stilgevallen: { $count ->
        [one] één rij wacht
       *[other] { $count } rijen wachten
    } nog, en niemand werkt eraan.
web-mailings-stopped-help = Misschien is de computer uitgezet of het programma gestopt. Brieven die er zijn, blijven; rijen die wachten houden hun kenmerk. Met ‘Verder gaan’ krijgen zij hun brief.
web-mailings-elsewhere = Deze mailing is buiten de werkbank begonnen. Geef dezelfde tabel om hier verder te gaan.
web-mailings-all-done = Alle brieven zijn er: { $done }.
web-mailings-some-refused = Brieven gemaakt: { $done }. Geweigerd: { $refused }.
web-mailings-mend = Verbeter de geweigerde rijen in de tabel, geef de hele tabel opnieuw en ga verder: dan krijgen ook die rijen een brief.
web-mailings-start-refused = De mailing is niet begonnen of verdergegaan
web-mailings-start-failed = De mailing is afgebroken
web-mailings-start-ended = Het programma van de mailing is van buitenaf beëindigd. Wat al vastlag is er nog.
web-mailings-downloads = Meenemen
web-mailings-report-csv = Rapport voor een spreadsheet (CSV)
web-mailings-report-json = Rapport voor een programma (JSON)
web-mailings-report-file = rapport { $name }
web-mailings-print-table = Printbestand in de volgorde van de tabel (pdf)
web-mailings-print-postcode = Printbestand op postcode (pdf)
web-mailings-print-file = printbestand { $name }
web-mailings-print-help = Het printbestand is voor dubbelzijdig printen; het maken kan even duren. Het is geen archiefstuk.
web-mailings-outcome = Uitkomst per rij
web-mailings-show = Welke rijen
web-mailings-show-all = alle
web-mailings-show-done = met een brief
web-mailings-show-refused = geweigerd
web-mailings-no-rows = Zulke rijen zijn er niet.
web-mailings-rows-shown = Rij { $from } tot en met { $to } van { $count }
web-mailings-number = Kenmerk
web-mailings-pdf = Brief
web-mailings-pdf-of = van rij { $row }
web-mailings-said = Meldingen
web-mailings-is-waiting = wachtend
web-mailings-is-busy = bezig
web-mailings-is-done = gereed
web-mailings-is-refused = geweigerd
web-mailings-pages = Pagina’s van de uitkomst
web-mailings-page-before = Vorige
web-mailings-page-after = Volgende
