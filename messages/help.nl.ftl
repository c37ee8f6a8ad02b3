# De woorden van de opdrachtregel: hulp en verkeerd gebruik. De Engelse staan in de code, bij de opdrachten zelf.
#
# De namen zijn die van de opdracht, van boven naar beneden, met -- voor een argument; .naam is een waarde die het kan hebben.

help = Brieven van Nederlandse overheden: van briefbestand tot toegankelijke pdf die bewaard kan worden

## Opties van elke opdracht

help--workspace = De werkruimte: een map met postkamer.toml [standaard: de dichtstbijzijnde, van hier naar boven]
help--json = JSON voor programma's naar de standaarduitvoer schrijven
help--quiet = Alleen zeggen waar om gevraagd is en wat er mis is
help--color = Wanneer meldingen kleuren krijgen: vanzelf, altijd of nooit
help--taal = De taal van de meldingen [standaard: die van de landinstelling]
help--verbose = Meer zeggen; twee keer: alles
help--help = Hulp tonen
help--help-more = Hulp tonen (meer met --help)
help--help-less = Hulp tonen (korter met -h)
help--version = Versie tonen
help-help = Deze hulp tonen, of die van een opdracht

## Brieven

help-init = Een werkruimte maken: instellingen en bij elk sjabloon een voorbeeldbrief; er wordt niets overschreven
help-init--folder = De map [standaard: de huidige map]
help-new = Een brief beginnen met een sjabloon
help-new--template = Het sjabloon
help-new--name = De naam van de brief: letters/NAAM.md
help-new--in-reactie-op = Het nummer in het register van de brief waarop deze antwoordt
help-new--aanbevelingen = Een tekst met aanbevelingen: elk wordt een citaat met ‘Onze reactie:’ eronder
help-check = Alles opzoeken wat er mis kan zijn met brieven, zonder iets te maken
help-check--letters = De briefbestanden [standaard: alle brieven van de werkruimte]
help-render = Een pdf (of png, svg, Typst) van een brief maken; verder verandert er niets
help-render--letter = Het briefbestand
help-render--output = Waarheen; - is de standaarduitvoer [standaard: NAAM.pdf, NAAM-1.png … in de huidige map]
help-render--format = Wat er gemaakt wordt [standaard: volgens de extensie van het bestand, anders pdf]
    .pdf = Eén pdf
    .png = Een afbeelding per pagina, 144 punten per inch
    .svg = Een vectorafbeelding per pagina
    .typ = De ingevulde Typst-tekst
help-watch = Een brief opnieuw opmaken zodra de brief, het sjabloon of de instellingen veranderen
help-watch--letter = Het briefbestand
help-watch--output = Waarheen [standaard: NAAM.pdf in de huidige map]
help-issue = Een brief vaststellen: de definitieve pdf maken met een eigen nummer, en opnemen in het register
help-issue--letters = De briefbestanden
help-issue--nieuwe-versie = Een veranderde brief vaststellen als nieuwe versie met hetzelfde kenmerk; de vorige versie blijft bewaard

## Mailings

help-mail = Mailings: één brief aan elke rij van een tabel
help-mail-check = Alles opzoeken wat er mis kan zijn met een brief aan elke rij van een tabel, zonder iets te maken
help-mail-check--letter = Het briefbestand
help-mail-check--recipients = De tabel met ontvangers: .csv, .xlsx of .ods, een rij per ontvanger
help-mail-check--refused = Waarheen de geweigerde rijen gaan, met de reden in een kolom, als CSV voor een spreadsheet
help-mail-run = Een brief aan elke rij van een tabel maken en vaststellen; opnieuw gestart gaat de mailing verder waar ze was
help-mail-run--letter = Het briefbestand
help-mail-run--recipients = De tabel met ontvangers: .csv, .xlsx of .ods, een rij per ontvanger
help-mail-run--name = Hoe de mailing heet; opnieuw gestart onder deze naam gaat ze verder waar ze was
help-mail-run--out = De map voor de brieven, elk als pdf, met het rapport erbij
help-mail-run--merge = Waarheen alle brieven als één pdf gaan, om dubbelzijdig af te drukken
help-mail-run--order = De volgorde van de brieven in het bestand om af te drukken
help-mail-run--jobs = Hoeveel werkprocessen tegelijk brieven maken [standaard: het aantal processoren]
help-mail-run--report = Waarheen het rapport gaat: wat er van elke rij werd, als .csv of .json
help-mail-status = Tonen hoe het met een mailing staat, ook terwijl ze bezig is
help-mail-status--name = De naam van de mailing
help-mail-status--report = Waarheen het rapport gaat: wat er van elke rij werd, als .csv of .json
help-mail-status--validate = De pdf van elke brief laten controleren op PDF/A en PDF/UA, door een controleprogramma van anderen

## Het register

help-register = Het register van inkomende en uitgaande brieven
help-register-list = Brieven opsommen; op een beeldscherm zo breed als het past, anders voluit
help-register-list--richting = Alleen brieven die binnenkwamen (in), of uitgingen (uit)
help-register-list--status = Alleen brieven met deze status; kan vaker gegeven worden
help-register-list--jaar = Alleen brieven die in dit jaar zijn ontvangen (uitgaande: gedateerd)
help-register-list--van = Alleen brieven die op deze dag of later zijn ontvangen (uitgaande: gedateerd)
help-register-list--tot = Alleen brieven die op deze dag of eerder zijn ontvangen (uitgaande: gedateerd)
help-register-list--correspondent = Alleen brieven van of aan wie dit in de naam heeft; hoofdletters en accenten maken niet uit
help-register-list--behandelaar = Alleen brieven die deze persoon behandelt; hoofdletters en accenten maken niet uit
help-register-list--soort = Alleen brieven van deze soort
help-register-list--zaaknummer = Alleen brieven van deze zaak
help-register-list--openstaand = Alleen inkomende brieven die op antwoord wachten
help-register-list--orde = Op volgorde van dit veld, met - ervoor van hoog naar laag [standaard: de nieuwste eerst]
help-register-list--limit = Ten hoogste zoveel
help-register-receive = Een brief inschrijven die binnenkwam; toont het nummer dat hij kreeg
help-register-receive--onderwerp = Waar de brief over gaat
help-register-receive--van = Van wie hij kwam
help-register-receive--datum = De datum die erop staat, zoals 2023-02-21 of 21-2-2023
help-register-receive--ontvangen = De dag van ontvangst [standaard: vandaag]
help-register-receive--soort = De soort brief; bij [termijnen] in postkamer.toml kan er een termijn voor staan
help-register-receive--uw-kenmerk = Het kenmerk van de afzender
help-register-receive--zaaknummer = Het nummer van de zaak; ‘nieuw’ voor een nieuw nummer
help-register-receive--termijn = De laatste dag om te antwoorden [standaard: zoals ingesteld voor de soort]
help-register-receive--bestand = De brief zelf, zoals een scan; wordt naar inkomend/ gekopieerd en ongewijzigd gearchiveerd
help-register-link = Twee brieven koppelen: de ene is antwoord op de andere, of beide horen bij één zaak
help-register-link--id = De brief die op de andere antwoordt, of bij dezelfde zaak hoort
help-register-link--ander = De andere brief
help-register-link--als = Wat de eerste brief voor de andere is: het antwoord erop, of een brief van dezelfde zaak
help-register-link--weg = De koppeling weghalen
help-register-link--reden = Waarom de koppeling weg moet
help-register-assign = Een brief aan iemand geven om te behandelen
help-register-assign--id = Het kenmerk van een uitgaande brief of het nummer van een inkomende
help-register-assign--behandelaar = Wie de brief behandelt
help-register-handle = Een inkomende brief afdoen zonder antwoord
help-register-handle--id = Het nummer van de brief
help-register-handle--reden = Waarom er geen antwoord nodig is
help-register-send = Vastgestelde brieven als verzonden vastleggen
help-register-send--ids = Het kenmerk van de brief; bij meer dan een worden ze alle verzonden, of geen
help-register-send--datum = De dag van verzending, zoals 2023-02-21 of 21-2-2023
help-register-send--wijze = Hoe hij verzonden is: per post, per e-mail
help-register-correct = Verbeteren wat het register van een brief zegt; wat er stond blijft bewaard
help-register-correct--id = Het kenmerk van een uitgaande brief of het nummer van een inkomende
help-register-correct--veld = Het veld, met zijn naam in JSON: onderwerp, correspondent, datum …
help-register-correct--waarde = Wat er moet staan; een lege waarde maakt het veld leeg
help-register-correct--reden = Waarom het verbeterd wordt
help-register-withdraw = Een vastgestelde brief intrekken
help-register-withdraw--id = Het kenmerk van de brief
help-register-withdraw--reden = Waarom hij ingetrokken wordt
help-register-void = Een gereserveerd nummer laten vervallen
help-register-void--id = Het kenmerk dat gereserveerd is
help-register-void--reden = Waarom geen brief het krijgt
help-register-show = Een brief tonen: wat antwoordt op wat, wat ermee gebeurde, de bestanden
help-register-show--id = Het kenmerk van een uitgaande brief of het nummer van een inkomende
help-register-due = Inkomende brieven opsommen die na hun termijn nog op antwoord wachten
help-register-due--within = Ook die waarvan de termijn binnen zoveel dagen afloopt
help-register-search = Brieven zoeken op woorden: nummers, onderwerp, correspondent, tekst
help-register-search--question = De woorden die allemaal in een brief moeten staan; uitgangen, accenten en hoofdletters maken niet uit; digi* is het begin van een woord
help-register-search--limit = Ten hoogste zoveel, de nieuwste
help-register-import = Een tabel met brieven inlezen: hun nummers blijven wat ze zijn
help-register-import--table = De tabel: .csv, .tsv, .xlsx, .ods of .json, met ten minste de kolommen id (of kenmerk), richting, datum en onderwerp
help-register-import--all-or-none = Niets opnemen als er een rij niet klopt
help-register-export = Alle brieven als tabel schrijven; bestanden kunnen daar niet in mee
help-register-export--format = Wat er geschreven wordt [standaard: volgens de extensie van het bestand, anders csv; met --json json]
    .csv = Waarden met komma's ertussen, die import weer kan inlezen
    .json = Een lijst van objecten, die import weer kan inlezen
    .xlsx = Een Excel-werkmap, die import weer kan inlezen
    .zgw = JSON in de termen van de ZGW Documenten API
help-register-export--output = Waarheen; - is de standaarduitvoer [standaard: de standaarduitvoer]
help-register-report = Wat een jaar opleverde: welke brieven beantwoord zijn, waar elk nummer bleef
help-register-report-jaaroverzicht = Alle brieven die in een jaar zijn ontvangen, met de brief die erop antwoordde
help-register-report-jaaroverzicht--jaar = Het jaar
help-register-report-nummers = Alle nummers van een jaar, en wat ervan werd
help-register-report-nummers--jaar = Het jaar
help-register-verify = Bewijzen dat er niets buiten het register om is veranderd, of vinden wat wel

## Het archief

help-archive = Het archief: wat verzonden en ontvangen is, heel en aantoonbaar
help-archive-add = Een brief opnemen die ondertekend terugkomt, het bestand zegt zelf welke; of het bestand van een brief die eerder binnenkwam
help-archive-add--file = De ondertekende pdf, de scan, of het bestand van een inkomende brief
help-archive-add--id = De brief die het moet zijn [standaard: die waarmee het bestand begint]
help-archive-add--scan = Het is een scan van een brief die op papier is ondertekend: er wordt geen handtekening in gezocht; of het bestand van een brief die is binnengekomen
help-archive-list = De brieven in het archief opsommen
help-archive-list--limit = Ten hoogste zoveel brieven
help-archive-show = Tonen wat het archief van een brief heeft, en wat zijn handtekeningen waard zijn
help-archive-show--id = Het kenmerk van een uitgaande brief of het nummer van een inkomende
help-archive-get = Een brief uit het archief naar een bestand schrijven
help-archive-get--id = Het kenmerk van een uitgaande brief of het nummer van een inkomende
help-archive-get--output = Waarheen; - is de standaarduitvoer [standaard: ID.pdf in de huidige map]
help-archive-verify = Bewijzen dat elk bestand is wat er gearchiveerd werd, of vinden wat niet
help-archive-verify--id = Alleen deze brief
help-archive-export = Brieven schrijven voor een e-depot: een map per zaak, met metagegevens en een paklijst
help-archive-export--ids = De brieven, met hun kenmerk of nummer
help-archive-export--output = De map om naar te schrijven, die er nog niet is of leeg is
help-archive-inspect = Zeggen wat de handtekeningen van een pdf waard zijn; er wordt niets bewaard
help-archive-inspect--file = De pdf

## Sjablonen

help-template = De sjablonen: opsommen, de velden van een sjabloon tonen, er een kopiëren om te veranderen
help-template-list = Alle sjablonen die er zijn
help-template-show = De velden van een brief met dit sjabloon
help-template-show--name = Het sjabloon
help-template-show--json-schema = Als JSON Schema, voor tekstverwerkers die daarmee kunnen helpen
help-template-eject = Een sjabloon naar de werkruimte kopiëren om het te veranderen; de gedeelde briefkop heet ‘gedeeld’
help-template-eject--name = Het sjabloon

## Ondertekenen

help-sign = Een pdf ondertekenen met de sleutel in een PKCS#12-bestand
help-sign--what = Het kenmerk van een brief in het archief, die ondertekend een nieuwe versie krijgt; of een pdf
help-sign--p12 = De sleutel en het certificaat van de ondertekenaar (PKCS#12: .p12 of .pfx)
help-sign--passphrase-file = Het bestand met het wachtwoord van de sleutel [standaard: POSTKAMER_P12_PASSPHRASE, anders wordt erom gevraagd]
help-sign--tsa = De tijdstempeldienst (RFC 3161) die voor het moment instaat, http:// of https://
help-sign--output = Waarheen; dan wordt er niets gearchiveerd [standaard bij een pdf: NAAM-ondertekend.pdf in de huidige map]

## De werkbank

help-serve = De werkbank in de browser: brieven schrijven, inschrijven, versturen en archiveren
help-serve--listen = Het adres en de poort om op te luisteren; kunnen andere computers erbij, dan zijn er accounts nodig
help-serve--url = Het adres waaronder mensen haar bereiken, zoals https://post.example.nl, als er een reverse proxy voor staat; dan zijn er accounts nodig
help-user = Wie de werkbank mag gebruiken
help-user-add = Een account voor de werkbank maken; er wordt om het wachtwoord gevraagd
help-user-add--name = De naam om mee aan te melden; die komt bij de gebeurtenissen in het register te staan
help-user-add--rol = Wat het account mag
    .lezen = Alles zien
    .schrijven = Schrijven, vaststellen, inschrijven, verzenden, mailings uitvoeren, ondertekende brieven opnemen
    .beheren = Ook verbeteren, intrekken, laten vervallen, koppelingen weghalen en het archief controleren
help-user-add--password-file = Een bestand met het wachtwoord op de eerste regel [standaard: er wordt om gevraagd]
help-user-add--replace = Een account dat er al is een nieuw wachtwoord en een nieuwe rol geven, en het overal afmelden
help-user-list = De accounts opsommen
help-user-remove = Een account weghalen, en het overal afmelden
help-user-remove--name = De naam van het account
help-completions = Aanvullingen voor een shell
help-completions--shell = De shell

## Wat er in te vullen is

value-address = ADRES
value-ander = ANDER
value-command = OPDRACHT
value-date = DATUM
value-days = DAGEN
value-dir = MAP
value-field = VELD
value-file = BESTAND
value-folder = MAP
value-format = VORM
value-id = ID
value-id-file = ID|BESTAND
value-in-uit = in|uit
value-jaar = JAAR
value-kind = SOORT
value-language = TAAL
value-letter = BRIEF
value-letters = BRIEVEN
value-n = AANTAL
value-name = NAAM
value-number = NUMMER
value-order = VOLGORDE
value-organisatie = ORGANISATIE
value-question = WOORDEN
value-rol = ROL
value-shell = SHELL
value-status = STATUS
value-table = TABEL
value-template = SJABLOON
value-text = TEKST
value-url = URL
value-when = WANNEER
value-year = JAAR
value-z = ZAAK

## Koppen

usage-heading = Gebruik:
usage-commands = Opdrachten:
usage-arguments = Argumenten:
usage-options = Opties:
usage-options-tag = OPTIES
usage-default = [standaard: { $values }]
usage-possible = [mogelijk: { $values }]
usage-possible-list = Mogelijk:

## Verkeerd gebruik

usage-error = fout:
usage-tip = hulp:
usage-more = Voor hulp: { $command }
usage-missing = hier ontbreekt nog:
usage-unknown = ‘{ $arg }’ is hier geen optie
usage-extra = ‘{ $arg }’ hoort hier niet
usage-value = ‘{ $value }’ kan niet bij ‘{ $arg }’
usage-value-missing = bij ‘{ $arg }’ hoort een waarde
usage-value-extra = bij ‘{ $arg }’ hoort geen waarde, zoals ‘{ $value }’
usage-value-count = bij ‘{ $arg }’ hoort een ander aantal waarden
usage-number = geef een heel getal
usage-range = geef een getal van { $least } tot en met { $most }
usage-least = geef een getal vanaf { $least }
usage-address = geef een IP-adres en een poort, zoals 127.0.0.1:7878
usage-command = er is hier geen opdracht ‘{ $name }’
usage-command-missing = na ‘{ $name }’ hoort nog een opdracht
usage-twice = ‘{ $arg }’ kan maar één keer
usage-conflict = ‘{ $arg }’ kan niet samen met: { $others }
usage-equals = tussen ‘{ $arg }’ en de waarde hoort een =
usage-utf8 = in deze opdracht staat tekst die geen UTF-8 is
usage-meant = bedoelde u { $names }?
usage-or = of
usage-elsewhere = ‘{ $name }’ is er wel
usage-literal = is ‘{ $arg }’ geen optie, schrijf dan ‘-- { $arg }’
usage-dashes = er is wel een opdracht ‘{ $name }’; haal de -- ervoor weg
