# De woorden van bevindingen en meldingen. `.help` zegt wat eraan te doen is.

label-error = fout
label-warning = let op
label-help = hulp

## Instellingen, briefkop en sjabloon.toml

toml-syntax = { $slip ->
        [duplicate] deze sleutel staat er al
        [string] de aanhalingstekens om deze waarde ontbreken of zijn niet gesloten
        [value] achter deze sleutel ontbreekt = met een waarde
       *[other] deze regel is niet te lezen als sleutel = waarde
    }
    .help = { $slip ->
        [duplicate] haal een van de twee regels weg
       *[other] tekst staat tussen aanhalingstekens (onderwerp = "…"), een datum niet (datum = 2023-02-21); TOML: { $message }
    }
unknown-key = onbekende sleutel ‘{ $key }’
    .help = { $meant ->
        [none] haal de regel weg, of kijk met ‘postkamer template show’ welke sleutels er zijn
       *[other] bedoelde u ‘{ $meant }’?
    }
missing-key = ‘{ $key }’ ontbreekt
    .help = { $help ->
        [none] voeg ‘{ $key }’ toe
       *[other] voeg ‘{ $key }’ toe: { $help }
    }
wrong-type = bij ‘{ $key }’ hoort { $expected ->
        [text] tekst
        [date] een datum
        [count] een geheel getal van 0 of meer
        [boolean] true of false
        [choice] een van de vaste woorden
        [list] een lijst
        [table] een tabel
        [list-or-count] een lijst van bestanden of een aantal
        [text-or-table] een sleutel of een tabel
        [text-or-list] een nummer of een lijst van nummers
       *[other] iets anders
    }, hier staat { $found ->
        [text] tekst
        [number] een getal
        [negative] een getal onder nul
        [boolean] true of false
        [date] een datum
        [moment] een datum met tijd
        [list] een lijst
       *[table] een tabel
    }
    .help = { $expected ->
        [text] zet aanhalingstekens om de waarde
        [date] schrijf de datum als 2023-02-21, zonder aanhalingstekens
        [list] zet de waarden tussen rechte haken, zoals ["a", "b"]
        [count] schrijf een heel getal zonder komma of minteken, zoals 2
        [list-or-count] schrijf de bestanden tussen rechte haken, zoals ["bijlagen/evaluatie.pdf"], of hun aantal, zoals 2
       *[other] { "" }
    }
date-impossible = ‘{ $value }’ bestaat niet als datum
    .help = schrijf een bestaande dag als jaar-maand-dag, zoals 2023-02-21
unknown-choice = ‘{ $value }’ kan hier niet bij ‘{ $key }’
    .help = { $meant ->
        [none] kies uit: { $choices }
       *[other] bedoelde u ‘{ $meant }’? Kies uit: { $choices }
    }
empty-value = ‘{ $key }’ is leeg
    .help = vul ‘{ $key }’ in
list-item-empty = in ‘{ $key }’ staat een lege tekst
    .help = haal "" weg, of vul in wie er moet staan; is er niemand, haal dan de hele regel weg
unknown-setting = ‘{ $value }’ staat niet in postkamer.toml
    .help = { $meant ->
        [none] { $choices ->
            [none] voeg het daar toe
           *[other] kies uit: { $choices }, of voeg het daar toe
        }
       *[other] bedoelde u ‘{ $meant }’? Kies uit: { $choices }
    }
environment-value = de omgevingsvariabele { $key } heeft een waarde die niet kan: ‘{ $value }’
    .help = verwacht: { $expected }
settings-unreadable = de instellingen zijn niet te lezen: { $message }
    .help = vergelijk postkamer.toml met een bestand dat ‘postkamer init’ in een lege map maakt, of zet een eerdere versie terug
logo-missing = het logo bestaat niet: { $path }
    .help = het pad geldt vanaf de map van de werkruimte
logo-without-alt = het logo heeft geen beschrijving
    .help = voeg logo_alt toe: wat het logo toont, voor wie het niet ziet (PDF/UA-1)
workspace-missing = geen werkruimte gevonden: in deze map en daarboven staat geen postkamer.toml
    .help = maak er een met ‘postkamer init’, of wijs er een aan met --workspace
source-date-epoch = SOURCE_DATE_EPOCH is geen aantal seconden: ‘{ $value }’
    .help = geef seconden sinds 1 januari 1970, of haal de variabele weg
pdf-standard = deze normen gaan niet samen: { $message }
    .help = verander [pdf] standaard in postkamer.toml, bijvoorbeeld ["a-2a", "ua-1"]

## Nummers en termijnen

number-sequence = { $count ->
        [none] het patroon ‘{ $value }’ heeft geen {"{"}volgnummer{"}"}
       *[many] het patroon ‘{ $value }’ heeft meer dan één {"{"}volgnummer{"}"}
    }
    .help = schrijf {"{"}volgnummer{"}"} één keer, of {"{"}volgnummer:6{"}"} voor ten minste zes cijfers
number-braces = in het patroon ‘{ $value }’ staat een accolade die niet open- of dichtgaat
    .help = schrijf {"{"}jaar{"}"}, {"{"}maand{"}"} en {"{"}volgnummer:6{"}"}; een losse accolade kan niet
number-placeholder = {"{"}{ $value }{"}"} kan niet in een patroon
    .help = { $meant ->
        [none] kies uit: {"{"}jaar{"}"}, {"{"}maand{"}"}, {"{"}volgnummer{"}"} of {"{"}volgnummer:6{"}"}
       *[other] bedoelde u {"{"}{ $meant }{"}"}?
    }
number-width = ‘{ $value }’ kan geen aantal cijfers van een volgnummer zijn
    .help = schrijf een getal van 1 tot en met { $limit }, zoals {"{"}volgnummer:6{"}"}
number-space = in het patroon ‘{ $value }’ staat een spatie
    .help = haal haar weg, of schrijf een streepje: in lijsten van nummers staat een spatie tussen twee nummers
number-too-long = een nummer volgens dit patroon heeft { $length } tekens; er kunnen er { $limit }
    .help = maak het patroon korter
number-period = de teller begint per { $per } opnieuw, maar het patroon heeft geen { $missing }
    .help = zet { $missing } in patroon, of verander per: anders komt hetzelfde nummer terug
number-shared = een uitgaande brief (‘{ $outgoing }’) en een inkomende (‘{ $incoming }’) kunnen hetzelfde nummer krijgen
    .help = geef [kenmerk] of [inkomend] een eigen letter, zoals D{"{"}jaar{"}"}-{"{"}volgnummer:6{"}"} en I{"{"}jaar{"}"}-{"{"}volgnummer:6{"}"}
term-invalid = ‘{ $value }’ is geen termijn
    .help = { $meant ->
        [none] schrijf een getal van 1 tot en met { $limit } en dagen, weken, maanden of jaar, zoals 12 weken
       *[other] bedoelde u ‘{ $meant }’?
    }
rsin-invalid = ‘{ $value }’ is geen RSIN{ $reason ->
        [check] : het voldoet niet aan de elfproef
       *[form] { "" }
    }
    .help = schrijf de negen cijfers zoals ze in het handelsregister staan, zonder punten of spaties

## Bestanden

file-missing = het bestand bestaat niet: { $path }
    .help = controleer de naam en de map
file-is-folder = dit is een map, geen bestand
    .help = noem een briefbestand, zoals letters/naam.md
file-too-large = het bestand is { $size } MiB; meer dan { $limit } MiB wordt niet gelezen
    .help = een brief is tekst: zet afbeeldingen en bijlagen in eigen bestanden
file-binary = dit is geen tekstbestand
    .help = noem een briefbestand, zoals letters/naam.md
file-not-utf8 = het bestand is geen UTF-8
    .help = sla het op als UTF-8
font-unreadable = { $path } is geen lettertype
    .help = zet in de map fonts alleen TrueType- en OpenType-bestanden
field-unused = ‘{ $key }’ is ingevuld, maar staat nergens in de brief
    .help = zet {"{{"}{ $key }{"}}"} in de tekst, op de plaats waar het moet staan; hebt u het al voluit geschreven, dan kunt u dit laten
body-empty = de brief heeft geen tekst
    .help = schrijf de tekst onder de tweede regel met +++
advice-binary = dit is geen tekstbestand; aanbevelingen zijn alleen uit tekst te halen
    .help = open het advies, bewaar het als tekst (.txt), of kopieer de aanbevelingen naar een tekstbestand, en noem dat
advice-none = in { $path } zijn geen aanbevelingen te herkennen; de brief begint zonder
    .help = bewaar de aanbevelingen apart, met voor elke een nummer of een streepje, en begin een brief onder een andere naam; of neem ze zelf over
advice-many = { $path } leverde { $count } citaten op; misschien zijn het niet allemaal aanbevelingen
    .help = kijk ze na in de brief; of bewaar alleen de aanbevelingen in een tekst, en begin een brief onder een andere naam
advice-left = { $path } heeft nog tekst die een aanbeveling kan zijn en niet is overgenomen ({ $count } keer); de eerste begint met ‘{ $text }’
    .help = leg de brief naast het advies, en neem over wat er nog in hoort
letter-empty = de brief is leeg
    .help = begin een brief met ‘postkamer new SJABLOON NAAM’
letter-exists = { $path } bestaat al
    .help = kies een andere naam; er wordt niets overschreven
output-is-letter = { $path } is de brief zelf
    .help = schrijf naar een ander bestand
pages-to-stdout = { $pages } pagina’s kunnen niet samen naar de standaarduitvoer
    .help = schrijf ze met -o naar bestanden, of maak een pdf
letter-name = ‘{ $value }’ kan geen naam van een brief zijn
    .help = begin met een letter of cijfer en gebruik letters, cijfers en streepjes, zonder ‘..’
front-matter-missing = de brief begint niet met +++
    .help = zet de velden van de brief bovenaan tussen twee regels +++
front-matter-unclosed = deze +++ wordt nergens gesloten
    .help = zet een regel +++ tussen de velden en de tekst van de brief
enclosure-missing = de bijlage bestaat niet: { $path }
    .help = het pad geldt vanaf de map van de brief
path-outside = { $path } ligt buiten de werkruimte
    .help = zet het bestand in de werkruimte

## Adres

addressee-nameless = de ontvanger heeft geen naam
    .help = vul organisatie of achternaam in
addressee-unreachable = van de ontvanger is geen adres en geen e-mailadres bekend
    .help = vul straat, huisnummer, postcode en plaats in, of email; is de brief gemaild, noem dan het adres bij verzonden_aan
address-incomplete = het adres is niet volledig: ‘{ $key }’ ontbreekt
    .help = een adres heeft straat en huisnummer (of postbus), postcode en plaats, of niets van dat alles
address-too-long = het adres heeft { $lines } regels; in het venster passen er { $limit }
    .help = laat ter_attentie_van of functie weg
address-street-and-box = het adres heeft een straat en een postbus
    .help = kies er een
postcode-invalid = ‘{ $value }’ is geen Nederlandse postcode{ $reason ->
        [leading-zero] : die begint niet met 0
        [letters] : SA, SD en SS worden niet gebruikt
       *[form] { "" }
    }
    .help = schrijf vier cijfers en twee letters, zoals 8012 EE; voor het buitenland vult u land in
email-invalid = ‘{ $value }’ is geen e-mailadres
    .help = schrijf één adres, zoals naam@example.nl

## Tekens

character-control = { $key ->
        [none] hier
       *[other] in ‘{ $key }’
    } staat een stuurteken ({ $point })
    .help = haal het weg; een nieuwe regel kan niet in een veld
character-bidi = { $key ->
        [none] hier
       *[other] in ‘{ $key }’
    } staat een teken dat de schrijfrichting omkeert ({ $point })
    .help = haal het weg: het laat tekst anders lijken dan die is
character-invisible = { $key ->
        [none] hier
       *[other] in ‘{ $key }’
    } staat een onzichtbaar teken ({ $point })
    .help = haal het weg; het komt vaak mee bij plakken uit een ander programma
character-private = { $key ->
        [none] hier
       *[other] in ‘{ $key }’
    } staat een teken zonder vaste betekenis ({ $point })
    .help = haal het weg; het hoort bij een bijzonder lettertype
character-without-font = { $key ->
        [none] hier
       *[other] in ‘{ $key }’
    } staat een teken dat in geen lettertype voorkomt: { $character } ({ $point })
    .help = vervang het, of zet een lettertype met dit teken in de map fonts van de werkruimte

character-doubled = { $key ->
        [none] hier
       *[other] in ‘{ $key }’
    } staat een letter met een los accent dat het lettertype niet goed plaatst: { $character } ({ $point })
    .help = in de pdf zou die letter twee keer gelezen worden; schrijf haar zonder het losse accent

## Namen en handlebars

unknown-name = de naam ‘{ $key }’ bestaat niet
    .help = { $meant ->
        [none] { $names ->
            [none] kijk met ‘postkamer template show’ welke velden er zijn
           *[other] zet een regel { $names } = "voorbeeld" onder [rij]; bij een mailing vult de kolom { $names } haar
        }
       *[other] bedoelde u ‘{ $meant }’?
    }
unknown-helper = de opdracht ‘{ $key }’ bestaat niet
    .help = { $meant ->
        [none] kies uit: { $choices }
       *[other] bedoelde u ‘{ $meant }’? Kies uit: { $choices }
    }
value-missing = ‘{ $key }’ heeft in deze brief geen waarde
    .help = vul het veld in, of zet de zin tussen {"{{"}#if { $key }{"}}"} en {"{{"}/if{"}}"}
not-printable = ‘{ $key }’ is geen tekst maar een lijst of tabel
    .help = gebruik #each voor een lijst, of noem een veld van de tabel
not-a-list = ‘{ $key }’ is geen lijst
    .help = #each kan alleen over een lijst
raw-output = ruwe uitvoer met drie accolades of & kan niet
    .help = schrijf twee accolades: een waarde is tekst, geen opmaak
partial-not-allowed = een ander sjabloon invoegen kan hier niet
    .help = schrijf de tekst hier uit
tag-unclosed = deze accolades worden niet gesloten
    .help = een veld staat tussen twee accolades aan beide kanten; letterlijke accolades schrijft u met een \ ervoor
block-unclosed = deze #{ $key } wordt nergens gesloten
    .help = schrijf {"{{"}/{ $key }{"}}"} waar het stuk ophoudt
block-unopened = bij deze /{ $key } hoort geen #{ $key }
    .help = haal hem weg, of schrijf eerder {"{{"}#{ $key } …{"}}"}
handlebars-syntax = hier klopt iets niet met de accolades
    .help = een veld staat tussen twee accolades; elke #if, #each of #with heeft een eigen /if, /each of /with
nesting-too-deep = dit is te diep genest (meer dan { $limit } niveaus)
    .help = haal niveaus weg
too-many-values = er staan te veel waarden in deze brief (meer dan { $limit })
    .help = splits de brief

## Sjablonen

unknown-template = het sjabloon ‘{ $value }’ bestaat niet
    .help = { $meant ->
        [none] kies uit: { $choices }
       *[other] bedoelde u ‘{ $meant }’? Kies uit: { $choices }
    }
template-language = het sjabloon is niet gemaakt voor de taal ‘{ $value }’
    .help = kies uit: { $choices }
template-field-redefined = ‘{ $key }’ bestaat in elke brief en houdt zijn eigen soort
    .help = haal type weg; verplicht en hulp mogen wel
template-field-untyped = ‘{ $key }’ heeft geen type
    .help = voeg type toe, bijvoorbeeld type = "tekst"
template-field-name = ‘{ $key }’ kan geen naam van een veld zijn
    .help = gebruik kleine letters, cijfers en _, en niet brief, inhoud of bestand
length-invalid = ‘{ $key }’ is geen maat
    .help = schrijf millimeters, zoals "63.5mm"
body-left-out = het sjabloon laat de tekst van de brief weg
    .help = zet {"{{"}inhoud{"}}"} waar de tekst komt, op een eigen regel
value-misplaced = hier kan geen waarde staan
    .help = zet de waarde in tekst, in een string of in code, niet in een formule, label of letterlijke tekst
typst = { $message }
    .help = { $hints }

## Markdown

heading-skips-level = de kop slaat een niveau over: { $level }, waar hoogstens { $expected } kan
    .help = gebruik hier niveau { $expected }; voorleesprogramma’s struikelen over gaten (PDF/UA-1)
body-too-long = de brief is te lang om op te maken
    .help = splits de brief, of zet lange stukken in een bijlage
heading-empty = de kop is leeg
    .help = schrijf er tekst achter, of haal de regel weg
html-in-body = HTML kan niet in een brief
    .help = gebruik Markdown; een losse < schrijft u als \<
image-without-alt = de afbeelding { $image } heeft geen beschrijving
    .help = schrijf tussen de rechte haken wat erop staat, voor wie het niet ziet: ![beschrijving](bestand.svg)
image-missing = de afbeelding bestaat niet: { $path }
    .help = het pad geldt vanaf de map van de brief
image-format = { $path } is geen afbeelding die in een brief kan
    .help = gebruik een van: { $choices }
image-caption-unused = een afbeelding binnen een regel heeft geen bijschrift
    .help = zet de afbeelding in een eigen alinea
link-undefined = de link verwijst naar ‘{ $label }’, dat nergens staat
    .help = voeg een regel toe: [{ $label }]: https://…
link-empty = de link heeft geen adres
    .help = schrijf het adres tussen de ronde haken
link-broken = dit lijkt een link die niet af is
    .help = schrijf [tekst](https://…), zonder spatie voor het haakje en met haakje sluiten
link-scheme = een link naar ‘{ $url }’ kan niet
    .help = gebruik https://, http://, mailto: of tel:
link-without-scheme = de link ‘{ $url }’ mist https://
    .help = schrijf https:// ervoor, of mailto: bij een e-mailadres
link-too-long = het adres van de link is te lang
    .help = gebruik een korter adres
link-without-text = de link heeft geen tekst
    .help = schrijf tussen de rechte haken waar de link naartoe gaat
footnote-undefined = de voetnoot ‘{ $label }’ heeft geen tekst
    .help = voeg een regel toe: [^{ $label }]: tekst van de voetnoot
footnote-unused = naar de voetnoot ‘{ $label }’ verwijst niets
    .help = zet [^{ $label }] in de tekst, of haal de voetnoot weg
footnote-duplicate = de voetnoot ‘{ $label }’ staat er twee keer
    .help = geef de tweede een eigen naam
footnote-empty = de voetnoot ‘{ $label }’ is leeg
    .help = schrijf de tekst achter de dubbele punt
footnote-cycle = de voetnoot ‘{ $label }’ verwijst naar zichzelf
    .help = haal de verwijzing in de voetnoot weg
table-too-wide = de kolommen van de tabel passen niet naast elkaar, ook niet in kleine letters
    .help = laat kolommen weg, kort de tekst in de cellen in (bedragen zonder centen, of in duizenden), of verdeel de tabel over twee tabellen
table-row-cells = de rij heeft { $cells } cellen, de tabel { $columns } kolommen
    .help = haal cellen weg of geef de kop meer kolommen; een | in tekst schrijft u als \|
table-rule-cells = de lijn onder de kop heeft { $cells } kolommen, de kop { $columns }
    .help = maak de lijn met streepjes zo lang als de kop: voor drie kolommen |---|---|---|
table-broken = dit wordt geen tabel: de strepen komen zo in de brief
    .help = laat boven de tabel een regel leeg, en zet meteen onder de kop een lijn met evenveel kolommen, zoals |---|---|; een | in tekst schrijft u als \|
markdown-literal = { $kind ->
        [strike] ‘~~’ streept niets door: het komt zo in de brief
        [heading] ‘#’ zonder spatie maakt geen kop: het komt zo in de brief
        [bold] ‘**’ maakt hier niets vet: het komt zo in de brief
       *[other] ‘[ ]’ maakt geen vakje om af te vinken: het komt zo in de brief
    }
    .help = { $kind ->
        [strike] laat de tekst weg, of schrijf \~\~ als de tekens er moeten staan
        [heading] zet een spatie achter het hekje, of schrijf \# als het er moet staan
        [bold] zet ** vlak voor en vlak achter de vette tekst, in dezelfde alinea, met daarbuiten een spatie of een leesteken (**Let op:** dit), of schrijf \*\* als de tekens er moeten staan
       *[other] laat de haken weg, of schrijf \[ als ze er moeten staan
    }

## Het register

register-url = ‘{ $value }’ is geen adres van een register
    .help = schrijf url = "sqlite:register.db" voor een bestand, of postgres://gebruiker@server/database
register-url-server = ‘{ $value }’ is geen adres van een PostgreSQL-server
    .help = schrijf postgres://gebruiker:wachtwoord@server:5432/database; in een wachtwoord wordt @ %40, / %2F, : %3A en % %25; sslmode is disable, prefer, require of verify-full, het certificaat van de uitgever staat bij ca
register-foreign = { $path } is een database van een ander programma
    .help = kies bij url onder [register] een ander bestand; er is niets veranderd
register-network = het register { $path } staat op een netwerkschijf ({ $system }); daar kan SQLite het beschadigen
    .help = zet het bestand op een eigen schijf van deze computer; delen meer computers het register, gebruik dan PostgreSQL (postgres://…)
register-ca = { $path } bevat geen certificaat
    .help = geef onder [register] bij ca een PEM-bestand met het certificaat van de uitgever
register-newer = het register { $path } is van versie { $found }; dit programma kent tot en met { $known }
    .help = installeer een nieuwere postkamer; er is niets veranderd
row-broken = in tabel { $table } staat bij { $id } iets wat dit programma daar niet schrijft
    .help = draai ‘postkamer register verify’ en zet een reservekopie terug
id-unknown = het register kent geen brief { $id }
    .help = zoek hem op in het register (‘postkamer register list’ of ‘postkamer register search’)
outside-register = het register { $path } kan dit niet uitvoeren: { $cause }
    .help = wat al was vastgelegd, is heel; probeer het opnieuw
outside-register-busy = het register { $path } is bezet door een ander proces
    .help = er is niets veranderd; probeer het zo dadelijk opnieuw
outside-register-gone = het register { $path } is niet bereikbaar: { $cause }
    .help = wat al was vastgelegd, is heel; controleer adres, server en rechten en voer de opdracht opnieuw uit
outside-register-full = het register { $path } is niet te beschrijven: { $cause }
    .help = wat al was vastgelegd, is heel; maak ruimte of controleer de rechten en voer de opdracht opnieuw uit
outside-register-broken = het register { $path } is geen (heel) databasebestand: { $cause }
    .help = controleer url onder [register]; is het bestand beschadigd, zet dan een reservekopie terug

## Overzichten en controle van het register

field-beantwoord_op = beantwoord op
field-reeks = reeks
field-handmatig = handmatig
field-brief = brief
field-reden = reden
year-total = { $year }: ontvangen { $received }, beantwoord { $answered }, afgedaan zonder antwoord { $handled }, nog open { $open }
year-days = dagen tot het antwoord: gemiddeld { $average },{ $average_tenth }, mediaan { $median },{ $median_tenth }; na de termijn beantwoord: { $late }
year-dated = tussen haakjes: de datum van de brief, omdat de dag van ontvangst niet is vastgelegd
account-by-hand = ja
account-passed = overgeslagen: toen { $by } werd ingevoerd, ging de teller ‘{ $series }’ hier voorbij
account-missing = de teller ‘{ $series }’ is voorbij dit nummer, maar het nummer is weg: draai ‘postkamer register verify’
account-total = { $status }: { $count }
account-year = nummers van { $year }: { $count }
register-missing = er is nog geen register: { $path } bestaat niet
    .help = controleer url onder [register]; stond het er wel, zet dan een reservekopie terug
verify-elsewhere = de bestanden van { $letters ->
        [one] één brief
       *[other] { $letters } brieven
    } liggen in een andere werkruimte en zijn hier niet gecontroleerd
    .help = draai ‘postkamer register verify’ ook daar
verify-read-only = het register is alleen te lezen; of de zoekindex klopt, is niet gecontroleerd
    .help = draai ‘postkamer register verify’ als iemand die erin mag schrijven
verify-object-strange = in de database staat iets wat dit programma niet heeft gemaakt: ‘{ $row }’
    .help = zoek uit wie het heeft gemaakt, en haal het weg of zet een reservekopie terug
verify-object-gone = in de database ontbreekt ‘{ $row }’
    .help = zet een reservekopie terug
verify-clean = gebeurtenissen: { $events }; niets is buiten het programma om veranderd
verify-wrong = gebeurtenissen: { $events }, fouten: { $faults }; bewaar het register zoals het nu is en vergelijk het met een reservekopie
verify-more = en nog { $more } { $more ->
        [one] fout
       *[other] fouten
    }; alle staan in ‘postkamer register verify --json’
verify-event-altered = tabel { $table }, rij { $row }: deze gebeurtenis is veranderd nadat zij werd vastgelegd: haar hash klopt niet
verify-event-previous = tabel { $table }, rij { $row }: deze gebeurtenis volgt niet op die ervoor: ze is ingevoegd of verplaatst, of die ervoor is veranderd
verify-event-missing = tabel { $table }, rij { $row }: deze gebeurtenissen zijn weg
verify-event-number = tabel { $table }, rij { $row }: dit volgnummer kan een gebeurtenis niet hebben: ze is ingevoegd of verplaatst
verify-head-seq = tabel { $table }, rij { $row }: volgens de kop van de keten is { $found } de laatste gebeurtenis, maar dat is { $last }: er zijn gebeurtenissen weggehaald of bijgezet, of de kop is veranderd
verify-head = tabel { $table }, rij { $row }: de kop van de keten is niet de hash van de laatste gebeurtenis ({ $last }): een van beide is veranderd
verify-details-altered = tabel { $table }, rij { $row }: de bijzonderheden van deze gebeurtenis zijn veranderd
verify-details-gone = tabel { $table }, rij { $row }: de bijzonderheden van deze gebeurtenis zijn gewist, terwijl de brief er nog is
verify-entry-altered = tabel { $table }, rij { $row }: de brief, of een van zijn nummers, bestanden of koppelingen, is veranderd na gebeurtenis { $event }, de laatste die over hem is vastgelegd
verify-entry-unnoted = tabel { $table }, rij { $row }: over deze brief is geen gebeurtenis vastgelegd: hij is bijgezet, of zijn gebeurtenissen zijn weggehaald
verify-entry-missing = tabel { $table }, rij { $row }: deze brief is weg; gebeurtenis { $event } was de laatste over hem
verify-row-extra = tabel { $table }, rij { $row }: deze rij hoort er niet
verify-row-missing = tabel { $table }, rij { $row }: deze rij ontbreekt
verify-orphan = tabel { $table }, rij { $row }: deze rij hoort bij brief { $entry }, die er niet is
verify-counter = tabel { $table }, rij { $row }: de teller staat op { $found }, maar het hoogste nummer dat hij gaf is { $highest }
verify-number-missing = tabel { $table }, rij { $row }: de teller is voorbij dit nummer, maar geen brief of zaak heeft het: het is weggehaald, of de teller is veranderd
verify-search-missing = tabel { $table }, rij { $row }: deze brief is niet te vinden met zoeken
verify-search-body = tabel { $table }, rij { $row }: de doorzoekbare tekst is niet die van de brief zoals hij is vastgelegd
verify-search-terms = tabel { $table }, rij { $row }: de zoekwoorden zijn niet die van de brief
verify-search-index = tabel { $table }, rij { $row }: de zoekindex verwijst niet naar deze rij, of naar een rij die er niet is
verify-index = tabel { $table }, rij { $row }: de zoekindex bevat andere woorden dan de brieven
verify-bytes = tabel { $table }, rij { $row }: in kolom { $column } staan bytes in plaats van tekst of een getal
verify-database = SQLite vindt het bestand van het register niet heel: { $cause }
verify-file-missing = tabel { $table }, rij { $row }: het bestand { $path } is weg
verify-file-changed = tabel { $table }, rij { $row }: het bestand { $path } is veranderd nadat het werd vastgelegd
verify-file-unreadable = tabel { $table }, rij { $row }: het bestand { $path } is niet te lezen: { $cause }
verify-file-outside = tabel { $table }, rij { $row }: { $path } ligt buiten de werkruimte
verify-file-algorithm = tabel { $table }, rij { $row }: { $path } heeft een controlegetal volgens ‘{ $algorithm }’, dat dit programma niet kent
verify-file-twice = tabel { $table }, rij { $row }: het bestand { $path } hoort ook bij { $other }

## Wat er in het register staat

list-period = de periode van { $from } tot en met { $until } loopt achteruit
    .help = verwissel de dagen bij --van en --tot
list-none = geen brieven gevonden
search-empty = in deze vraag staat geen woord om naar te zoeken
    .help = noem een of meer woorden of een nummer, of het begin van een woord met een sterretje: ‘advies digi*’
field-id = nummer
field-dag = ontv./datum
field-in_uit = in/uit
field-richting = richting
field-soort = soort
field-kenmerk = kenmerk
field-zaaknummer = zaaknummer
field-datum = datum
field-ontvangen = ontvangen
field-verzonden = verzonden
field-wijze = wijze
field-versies = versies
field-onderwerp = onderwerp
field-correspondent = correspondent
field-behandelaar = behandelaar
field-status = status
field-uw_kenmerk = uw kenmerk
field-uw_brief = uw brief
field-termijn = termijn
field-vertrouwelijkheid = vertrouwelijkheid
field-in_reactie_op = in reactie op
field-beantwoord_door = beantwoord door
field-dagen = dagen
days-over = { $days } te laat
days-today = vandaag
days-left = nog { $days }
sheet-thread = Briefwisseling
sheet-events = Gebeurtenissen
sheet-files = Bestanden
thread-answers = antwoord op { $ids }
thread-more = er zijn er meer: ‘postkamer register list --zaaknummer NUMMER’
file-version = versie { $version }
file-archived = in het archief
file-size = { $bytes } bytes
event-ontvangen = ontvangen
event-gereserveerd = nummer gereserveerd
event-opnieuw-beschreven = opnieuw beschreven: de rij is veranderd voordat de brief er was
event-vastgesteld = vastgesteld
event-nieuwe-versie-begonnen = nieuwe versie begonnen
event-nieuwe-versie-opgegeven = nieuwe versie opgegeven
event-nieuwe-versie = nieuwe versie vastgesteld
event-beantwoord = beantwoord
event-heropend = heropend
event-gekoppeld = gekoppeld
event-ontkoppeld = losgekoppeld
event-toegewezen = toegewezen
event-afgedaan = afgedaan
event-verzonden = verzonden
event-gecorrigeerd = gecorrigeerd
event-ingetrokken = ingetrokken
event-vervallen = nummer vervallen
event-ingevoerd = ingevoerd
event-handmatig = zaaknummer met de hand gekozen
event-ondertekend = ondertekend
event-gescand = scan van de ondertekende brief toegevoegd
event-gearchiveerd = gearchiveerd
event-aangevuld = bestand later toegevoegd

## Wijzigingen in het register

text-too-long = ‘{ $key }’ heeft { $length } tekens; er kunnen er { $limit }
    .help = maak de tekst korter
day-form = ‘{ $key }’ is geen bestaande datum: { $value }
    .help = schrijf een dag als 2026-12-23 of 23-12-2026
day-future = ‘{ $key }’ ligt in de toekomst: { $value }
    .help = het is vandaag { $today }; leg het vast zodra het zover is, of verbeter de datum
dated-after-receipt = de brief draagt een latere datum ({ $value }) dan de dag waarop hij is ontvangen ({ $received })
    .help = klopt dat niet, verbeter de datum dan met ‘postkamer register correct’
term-before-receipt = de termijn ({ $value }) was al voorbij op de dag van ontvangst ({ $received })
    .help = klopt dat niet, verbeter de termijn dan met ‘postkamer register correct’
sent-before-date = de brief is verzonden op { $value }, maar draagt een latere datum: { $dated }
    .help = klopt dat niet, verbeter de datum dan met ‘postkamer register correct’
kind-near = voor de soort ‘{ $value }’ is geen termijn ingesteld
    .help = bedoelde u ‘{ $meant }’? Verbeter de soort dan met ‘postkamer register correct’
term-unchanged = de termijn van { $id } is niet meeveranderd; volgens [termijnen] loopt die nu tot en met { $term }
    .help = verander hem zo nodig met ‘postkamer register correct { $id } --veld termijn --waarde { $term } --reden …’
received-file = { $path } { $reason ->
        [folder] is een map, geen bestand
        [empty] is leeg
       *[special] is geen gewoon bestand
    }
    .help = { $reason ->
        [folder] noem een bestand in de map
        [empty] controleer of het scannen of downloaden gelukt is
       *[special] sla de brief eerst op als bestand
    }
status-refuses = { $id } heeft de status ‘{ $status }’ en kan niet { $action ->
        [assign] aan iemand worden toegewezen
        [correct] worden verbeterd
        [handle] worden afgedaan
        [link] aan een andere brief worden gekoppeld
        [send] als verzonden worden vastgelegd
        [void] vervallen
       *[withdraw] worden ingetrokken
    }
    .help = { $status ->
        [gereserveerd] verander zo nodig het briefbestand en stel de brief vast met ‘postkamer issue’, of geef het nummer op met ‘postkamer register void { $id } --reden …’
        [vastgesteld] leg de verzending vast met ‘postkamer register send’, of trek de brief in met ‘postkamer register withdraw’
        [ondertekend] leg de verzending vast met ‘postkamer register send’, of trek de brief in met ‘postkamer register withdraw’
        [verzonden] verbeter wat er niet klopt met ‘postkamer register correct’, of trek de brief in met ‘postkamer register withdraw’
        [ingetrokken] een ingetrokken brief blijft ingetrokken; verbeter gegevens met ‘postkamer register correct’
        [vervallen] een vervallen nummer blijft vervallen; een brief die alsnog wordt vastgesteld, krijgt een nieuw nummer
        [open] wijs de brief toe met ‘postkamer register assign’, doe hem af met ‘postkamer register handle’, of beantwoord hem
        [beantwoord] er is al een antwoord; verbeter gegevens met ‘postkamer register correct’
       *[afgedaan] de brief is al afgedaan; beantwoord hem alsnog, of verbeter gegevens met ‘postkamer register correct’
    }
field-unknown = een brief heeft geen veld ‘{ $value }’
    .help = { $meant ->
        [none] kies uit: { $choices }
       *[other] bedoelde u ‘{ $meant }’? Kies uit: { $choices }
    }
field-fixed = ‘{ $value }’ is niet te verbeteren
    .help = een nummer blijft wat het is; de status verandert u met ‘postkamer register send’, ‘handle’, ‘withdraw’ of ‘void’, en wat een brief beantwoordt met ‘postkamer register link’; te verbeteren zijn: { $choices }
field-not-here = { $id } heeft geen ‘{ $key }’: { $reason ->
        [in] het is een inkomende brief
        [out] het is een uitgaande brief
       *[unsent] de brief is nog niet verzonden
    }
    .help = { $reason ->
        [in] de dag van de brief staat in ‘datum’, die van ontvangst in ‘ontvangen’
        [out] de dag van de brief staat in ‘datum’, die van verzending in ‘verzonden’; een termijn hoort bij de inkomende brief
       *[unsent] leg de verzending vast met ‘postkamer register send { $id } --datum … --wijze …’
    }
correct-same = bij { $id } staat dit al bij ‘{ $key }’
    .help = bekijk de brief met ‘postkamer register show { $id }’; er is niets veranderd
link-itself = { $id } kan niet aan zichzelf worden gekoppeld
    .help = noem twee verschillende brieven
link-both-ways = { $id } kan { $other } niet beantwoorden: { $other } is al het antwoord op { $id }
    .help = klopt dat niet, haal die koppeling dan eerst weg met ‘postkamer register link { $other } { $id } --weg --reden …’
link-missing = { $id } en { $other } zijn niet gekoppeld als ‘{ $kind }’
    .help = bekijk de brief met ‘postkamer register show { $id }’; de brief die antwoordt, noemt u als eerste
link-one-way = { $id } en { $other } zijn allebei { $direction ->
        [in] inkomend
       *[uit] uitgaand
    }; zo wordt geen van beide beantwoord
    .help = horen ze alleen bij elkaar, gebruik dan --als zelfde-zaak
case-given = zaaknummer: { $number }
entry-assigned = { $id } ligt bij { $name }
entry-handled = { $id } is afgedaan
entry-sent = { $id } is verzonden
entries-sent = verzonden: { $count } brieven
entry-corrected = { $id }: { $meant ->
        [none] ‘{ $key }’ is leeggemaakt
       *[other] ‘{ $key }’ is nu ‘{ $meant }’
    }
entry-letter-differs = alleen het register is verbeterd: de vastgestelde brief { $id } zelf is niet veranderd
entry-withdrawn = { $id } is ingetrokken
entry-void = { $id } is vervallen
entry-linked = { $id } is gekoppeld aan { $other } ({ $kind })
entry-linked-already = { $id } was al gekoppeld aan { $other } ({ $kind })
entry-unlinked = { $id } is niet meer gekoppeld aan { $other } ({ $kind })
file-aside = { $path } lag er al, maar staat niet in het register
    .help = dat bestand is bewaard als { $kept }; hoort het bij een andere brief, controleer dan url onder [register]

## In- en uitvoer van het register

import-column-missing = { $file }: de kolom ‘{ $key }’ ontbreekt
    .help = { $meant ->
        [none] voeg de kolom toe; nodig zijn id (of kenmerk), richting, datum en onderwerp
       *[other] heet de kolom ‘{ $meant }’ zo? Geef haar dan de naam ‘{ $key }’
    }
import-column-unknown = { $file }: de kolom ‘{ $key }’ is onbekend en wordt overgeslagen
    .help = { $meant ->
        [none] kijk met ‘postkamer register export’ welke kolommen er zijn
       *[other] bedoelde u ‘{ $meant }’?
    }
import-cell-empty = { $file }, rij { $row }, kolom ‘{ $column }’: de cel is leeg
    .help = vul haar in
import-day = { $file }, rij { $row }, kolom ‘{ $column }’: ‘{ $value }’ is geen datum
    .help = schrijf een bestaande dag als 2023-02-21 of 21-2-2023
import-word = { $file }, rij { $row }, kolom ‘{ $column }’: ‘{ $value }’ kan hier niet
    .help = { $meant ->
        [none] kies uit: { $choices }
       *[other] bedoelde u ‘{ $meant }’? Kies uit: { $choices }
    }
import-status-direction = { $file }, rij { $row }, kolom ‘{ $column }’: een brief met richting ‘{ $direction }’ kan niet ‘{ $value }’ zijn
    .help = kies uit: { $choices }
import-text-too-long = { $file }, rij { $row }, kolom ‘{ $column }’: de tekst is langer dan { $limit } tekens
    .help = maak de tekst korter
import-character = { $file }, rij { $row }, kolom ‘{ $column }’: hier staat { $kind ->
        [character-control] een stuurteken of een nieuwe regel
        [character-bidi] een teken dat de schrijfrichting omkeert
        [character-private] een teken zonder vaste betekenis
       *[character-invisible] een onzichtbaar teken
    } ({ $point })
    .help = haal het weg
import-number-differs = { $file }, rij { $row }, kolom ‘{ $column }’: ‘{ $value }’ is een ander nummer dan dat in kolom ‘id’ (‘{ $id }’)
    .help = een brief heeft één nummer; het kenmerk van de afzender hoort in uw_kenmerk
import-number-double = { $file }, rij { $row }, kolom ‘{ $column }’: hetzelfde nummer staat ook in rij { $other }
    .help = geef een van beide een ander nummer, of haal een rij weg
import-number-high = { $file }, rij { $row }, kolom ‘{ $column }’: het volgnummer is hoger dan { $limit }
    .help = herstel het nummer: de teller zou erna verdergaan
import-number-taken = { $file }, rij { $row }, kolom ‘{ $column }’: het register heeft al een brief { $id }
    .help = haal de rij weg als het dezelfde brief is, of herstel het nummer
import-reference-unknown = { $file }, rij { $row }, kolom ‘{ $column }’: een brief ‘{ $value }’ is er niet, in de tabel noch in het register
    .help = herstel het nummer; tussen twee nummers staat een spatie, een spatie in een nummer schrijft u als %20
import-reference-self = { $file }, rij { $row }, kolom ‘{ $column }’: de brief noemt zichzelf
    .help = haal het nummer hier weg
import-both-ways = { $file }, rij { $row }, kolom ‘{ $column }’: deze brief en ‘{ $value }’ zouden elkaar beantwoorden
    .help = een van beide is het antwoord: haal het nummer bij de andere weg
import-reference-refused = { $file }, rij { $row }, kolom ‘{ $column }’: brief ‘{ $value }’ in rij { $other } is geweigerd, deze rij daarom ook
    .help = herstel eerst rij { $other }
import-none = { $file }, rij { $row }: niet opgenomen, omdat er een andere rij is geweigerd
    .help = herstel de andere rijen, of laat --all-or-none weg
import-status-answered = { $file }, rij { $row }, kolom ‘{ $column }’: de brief is beantwoord met { $id }; hij is opgenomen als beantwoord
    .help = schrijf beantwoord, of haal het antwoord weg
import-void-reason = { $file }, rij { $row }, kolom ‘{ $column }’: waarom dit nummer is vervallen, staat er niet
    .help = vul een reden in: het overzicht van nummers vraagt erom
import-done = rijen: { $total }, opgenomen: { $taken }, geweigerd: { $refused }
export-to-terminal = een werkblad kan niet naar het scherm
    .help = schrijf het met -o naar een bestand
zgw-rsin = { $key } ontbreekt: bronorganisatie is null, en een systeem dat de ZGW-API spreekt, vraagt erom
    .help = zet onder [organisatie] bij rsin het nummer uit het handelsregister

year-heading-id = nummer
year-heading-received = ontvangen
year-heading-correspondent = van
year-heading-subject = onderwerp
year-heading-answer = beantwoord door
year-heading-answered = op
year-heading-days = dagen
account-heading-number = nummer
account-heading-series = reeks
account-heading-status = status
account-heading-hand = handmatig
account-heading-id = brief
account-heading-reason = reden

## Tabellen

table-extension = { $file } is geen tabel die gelezen kan worden
    .help = kies uit: { $choices }; sla een ander bestand eerst op als een van deze
table-is-folder = { $file } is een map, geen tabel
    .help = noem een bestand in de map
table-too-many-cells = { $file } heeft meer dan { $rows } rijen of { $cells } cellen; zo’n tabel wordt niet gelezen
    .help = splits de tabel in meer bestanden
table-too-large = { $file } is { $size } MiB; meer dan { $limit } MiB wordt niet gelezen
    .help = splits de tabel in meer bestanden
table-unreadable = { $slip ->
        [locked] { $file } is beveiligd met een wachtwoord
       *[broken] { $file } is niet te lezen als { $kind }
    }
    .help = { $slip ->
        [locked] sla het bestand op zonder wachtwoord
       *[broken] open het in een spreadsheet en sla het opnieuw op als { $kind }; oorzaak: { $cause }
    }
table-empty = in { $file } staat niets
    .help = de eerste rij noemt de kolommen, elke rij daaronder is een regel van de tabel
table-binary = { $file } is geen tekstbestand
    .help = sla de tabel op als CSV (UTF-8), of geef het bestand de extensie van zijn eigen soort
table-encoding = { $file }, regel { $line }: hier staan tekens die niet te lezen zijn
    .help = sla de tabel opnieuw op als CSV met tekenset UTF-8
table-quote = { $slip ->
        [after] { $file }, regel { $line }: achter het sluitende aanhalingsteken van een cel staat nog tekst
       *[open] { $file }, regel { $line }: het aanhalingsteken waarmee een cel begint, wordt nergens gesloten
    }
    .help = een aanhalingsteken in een cel tussen aanhalingstekens staat er twee keer: "de ""Kade"""
table-json = { $slip ->
        [double] { $file }, regel { $line }: de kolom ‘{ $key }’ staat twee keer in dit object
        [nameless] { $file }, regel { $line }: een waarde heeft geen naam
        [number] { $file }, regel { $line }: dit getal is te groot om precies te blijven
        [shape] { $file }, regel { $line }: dit past niet in een tabel
       *[syntax] { $file }, regel { $line }: dit is geen JSON
    }
    .help = { $slip ->
        [double] haal een van beide weg; hoofdletters maken geen verschil
        [nameless] geef de waarde de naam van een kolom
        [number] zet het getal tussen aanhalingstekens
        [shape] een tabel is een lijst van objecten met teksten, getallen, true, false, null of lijsten van teksten; JSON: { $message }
       *[syntax] JSON: { $message }
    }
table-title = { $file }, rij { $row }: hier staat alleen ‘{ $value }’, en daaronder staan meer kolommen; dat lijkt een titel
    .help = haal de rij weg: de eerste rij noemt de kolommen, met een naam boven elke kolom
table-column-unnamed = { $file }, rij { $row }: kolom { $column } heeft geen naam, maar wel inhoud (rij { $found })
    .help = geef de kolom een naam of maak haar leeg
table-column-double = { $file }, rij { $row }: de kolommen { $first } en { $second } heten allebei ‘{ $key }’
    .help = geef een van beide een andere naam of haal haar weg; hoofdletters maken geen verschil
table-row-too-long = { $file }, rij { $row }: in kolom { $found } staat iets, maar de laatste kolom met een naam is { $last }
    .help = zet cellen met een scheidingsteken erin tussen aanhalingstekens, of geef de kolom een naam
table-cell-error = { $file }, rij { $row }, kolom ‘{ $column }’: de formule geeft een fout ({ $value })
    .help = herstel de formule of zet er de waarde neer
table-too-big = { $file }: een werkblad heeft plaats voor { $rows } rijen en { $columns } kolommen, deze tabel heeft er meer
    .help = schrijf de tabel als CSV
table-text-too-long = { $file }, rij { $row }, kolom ‘{ $column }’: de tekst is langer dan de { $limit } tekens van een cel
    .help = schrijf de tabel als CSV

## Vaststellen

answer-unknown = het register kent geen brief { $id }
    .help = schrijf hem eerst in met ‘postkamer register receive’, of verbeter het nummer
date-before-answered = de brief heeft als datum { $day }, en beantwoordt { $id } van { $since }: een antwoord kan niet ouder zijn dan de brief waarop het antwoordt
    .help = verbeter datum, of het nummer bij in_reactie_op
date-before-theirs = de brief heeft als datum { $day }, en uw_brief is van { $since }: een antwoord kan niet ouder zijn dan de brief waarop het antwoordt
    .help = verbeter datum of uw_brief
number-taken = het kenmerk { $number } is al van een andere brief
    .help = kies een ander nummer, of laat kenmerk weg: het register geeft er dan een
letter-outside = { $path } ligt niet in de werkruimte
    .help = zet de brief in de map letters; het register kent brieven aan hun plaats
workspace-without-id = deze werkruimte heeft geen id, en het register wordt met andere gedeeld
    .help = zet onder [werkruimte] id = "…" met een UUID, bijvoorbeeld van ‘uuidgen’
letter-changed = deze brief is al vastgesteld als { $id } en daarna veranderd
    .help = maak de verandering ongedaan, of stel een nieuwe versie vast met --nieuwe-versie; de oude blijft bewaard
letter-withdrawn = deze brief is vastgesteld als { $id } en daarna ingetrokken
    .help = maak voor een nieuwe brief een nieuw bestand, met ‘postkamer new’ of als kopie
letter-renumbered = deze brief is vastgesteld als { $id }; zijn kenmerk kan niet meer veranderen
    .help = zet het oude kenmerk terug, of maak een nieuwe brief
letter-reserved = voor deze brief is { $id } al gereserveerd
    .help = laat kenmerk weg of maak het gelijk; of laat de reservering vervallen met ‘postkamer register void { $id } --reden …’
output-no-file = { $path } is er al en is geen gewoon bestand
    .help = kies een andere naam
output-no-folder = { $path } is er al en is geen map
    .help = kies een andere naam, of een map
output-is-folder = { $path } is een map, geen bestand
    .help = noem een bestand in die map
output-extension = een bestand dat { $path } heet, kan hier niet gemaakt worden
    .help = laat de naam eindigen op { $choices }; wie bij ‘postkamer render’ met --format zegt wat het wordt, kiest elke naam
output-is-own = { $path } hoort bij de werkruimte en wordt niet overschreven
    .help = noem een ander bestand of een andere map
enclosure-own = { $path } is een bestand van de werkruimte zelf en kan geen bijlage zijn
    .help = maak een kopie op een andere plaats, als die mee moet
number-printed = { $path } ligt er al: het nummer { $number } is eerder gebruikt, door een ander register of door een dat er niet meer is
    .help = controleer url onder [register] of zet een reservekopie van het register terug; hoort het bestand hier niet, haal het dan weg
version-after-sending = de vorige versie van { $id } is verzonden op { $day }; deze nog niet
    .help = leg de verzending van de nieuwe versie vast met ‘postkamer register send { $id } --datum … --wijze …’
letter-voided = het nummer { $id } van deze brief is intussen vervallen verklaard
    .help = stel de brief opnieuw vast; hij krijgt dan een nieuw nummer
letter-overtaken = een ander proces stelde deze brief intussen vast als { $id }, met een andere inhoud
    .help = bekijk hem met ‘postkamer register show { $id }’ en stel zo nodig een nieuwe versie vast
issued-file-lost = de pdf { $path } van { $id } is weg of veranderd, en kan niet gelijk worden gemaakt: sjabloon of instellingen zijn veranderd
    .help = zet het bestand terug uit het archief of een reservekopie
issued-file-changed = de pdf { $path } van { $id } is niet meer de pdf die is vastgesteld
    .help = stelt een ander proces deze brief nu ook vast, probeer het dan opnieuw; zet anders het bestand terug uit het archief of een reservekopie
issue-partly = vastgesteld: { $done }, geweigerd: { $refused }

## Pdf-bestanden

pdf-header = dit is geen pdf: het bestand begint niet met %PDF en een versie
    .help = kies het pdf-bestand zelf, zoals het is ontvangen
pdf-tail = de pdf is niet heel: aan het eind (byte { $offset }) ontbreekt iets of staat iets te veel
    .help = het bestand is waarschijnlijk niet volledig overgebracht; haal het opnieuw op of vraag het opnieuw
pdf-startxref = de pdf is beschadigd of bewerkt: de verwijzing naar de inhoudsopgave bij byte { $offset } klopt niet
    .help = vraag het bestand opnieuw bij wie het maakte
pdf-xref = de pdf is beschadigd of bewerkt: de inhoudsopgave bij byte { $offset } is niet te lezen
    .help = vraag het bestand opnieuw bij wie het maakte
pdf-prev = de pdf is beschadigd of bewerkt: de reeks versies in het bestand loopt bij byte { $offset } niet terug naar de eerste
    .help = vraag het bestand opnieuw bij wie het maakte
pdf-size = de pdf is beschadigd of bewerkt: de inhoudsopgave bij byte { $offset } noemt meer onderdelen dan ze zegt te hebben
    .help = vraag het bestand opnieuw bij wie het maakte
pdf-double-entry = de pdf is op twee manieren te lezen: onderdeel { $number } staat twee keer in de inhoudsopgave bij byte { $offset }
    .help = vraag het bestand opnieuw bij wie het maakte
pdf-hybrid = de pdf is op twee manieren te lezen: bij byte { $offset } staat een inhoudsopgave voor oude en een voor nieuwe programma’s
    .help = vraag een bestand zonder die dubbele inhoudsopgave
pdf-encrypted = de pdf is versleuteld of met een wachtwoord beveiligd
    .help = vraag een bestand zonder beveiliging; een ondertekende brief kan niet versleuteld zijn
pdf-linearized = de pdf is voor weergave op het web ingedeeld, en die indeling (byte { $offset }) klopt niet
    .help = vraag het bestand opnieuw, zonder ‘snelle webweergave’
pdf-object = de pdf is beschadigd of bewerkt: bij byte { $offset } staat niet het onderdeel dat er moet staan
    .help = vraag het bestand opnieuw bij wie het maakte
pdf-object-elsewhere = de pdf is bewerkt: onderdeel { $number } (byte { $offset }) ligt buiten de versie van het bestand die het noemt
    .help = vraag het bestand opnieuw bij wie het maakte
pdf-object-stream = de pdf is beschadigd of bewerkt: de samengepakte onderdelen bij byte { $offset } kloppen niet met de inhoudsopgave
    .help = vraag het bestand opnieuw bij wie het maakte
pdf-overlap = de pdf is op twee manieren te lezen: bij byte { $offset } liggen onderdelen over elkaar
    .help = vraag het bestand opnieuw bij wie het maakte
pdf-stray-bytes = de pdf bevat bij byte { $offset } iets dat bij geen enkel onderdeel hoort
    .help = zo’n plek kan iets verbergen; vraag het bestand opnieuw bij wie het maakte
pdf-stream-length = de pdf is beschadigd of bewerkt: een onderdeel bij byte { $offset } is niet zo lang als het zegt
    .help = vraag het bestand opnieuw bij wie het maakte
pdf-length-changed = de pdf is bewerkt: de lengte van onderdeel { $number } is later veranderd en het onderdeel zelf niet
    .help = vraag het bestand opnieuw bij wie het maakte
pdf-external = de pdf haalt bij byte { $offset } een deel van haar inhoud uit een ander bestand
    .help = vraag een pdf die alles zelf bevat
pdf-encoding = de pdf is beschadigd, of gecodeerd op een manier die hier niet voorkomt (byte { $offset })
    .help = vraag het bestand opnieuw bij wie het maakte
pdf-syntax = de pdf is beschadigd: wat bij byte { $offset } staat, is geen pdf
    .help = vraag het bestand opnieuw bij wie het maakte
pdf-double-key = de pdf is op twee manieren te lezen: bij byte { $offset } staat hetzelfde gegeven twee keer
    .help = vraag het bestand opnieuw bij wie het maakte
pdf-nesting = de onderdelen van de pdf zitten bij byte { $offset } te diep in elkaar
    .help = zo maakt geen gewoon programma een pdf; vraag het bestand opnieuw bij wie het maakte
pdf-limit = de pdf is te groot: { $what ->
        [file] het bestand mag hoogstens { $most } bytes tellen
        [objects] hoogstens { $most } onderdelen
        [values] hoogstens { $most } waarden
        [revisions] hoogstens { $most } keer opgeslagen
        [decoded] uitgepakt mag het geheel niet groter zijn dan { $most } bytes
        [pages] hoogstens { $most } pagina’s
        [fields] hoogstens { $most } invulvelden
        [signatures] hoogstens { $most } handtekeningen
       *[other] hoogstens { $most } niveaus in elkaar
    }
    .help = splits de bijlagen af of maak een kleinere pdf
pdf-root = de pdf is beschadigd of bewerkt: het beginpunt van het document, genoemd bij byte { $offset }, ontbreekt
    .help = vraag het bestand opnieuw bij wie het maakte
pdf-page-tree = de pdf is beschadigd of bewerkt: de lijst van pagina’s klopt niet (onderdeel { $number })
    .help = vraag het bestand opnieuw bij wie het maakte
pdf-fields = de pdf is beschadigd of bewerkt: de lijst van invulvelden klopt niet (onderdeel { $number })
    .help = vraag het bestand opnieuw bij wie het maakte
pdf-signature = de handtekening in het veld ‘{ $name }’ is niet opgebouwd zoals een handtekening hoort te zijn
    .help = onderteken opnieuw, met een ander programma
pdf-unlisted = de pdf bevat ongebruikte onderdelen: { $count }
    .help = dat doet geen kwaad; het programma dat de pdf maakte, ruimde ze niet op
change-catalog = na de ondertekening of vaststelling is iets aan het document als geheel veranderd: { $name }
    .help = dit hoort niet bij ondertekenen; laat het oorspronkelijke bestand opnieuw ondertekenen
change-pages = er zijn pagina’s toegevoegd, weggehaald of verplaatst
    .help = dit hoort niet bij ondertekenen; laat het oorspronkelijke bestand opnieuw ondertekenen
change-page = pagina { $page } is veranderd: { $name ->
        [Contents] wat erop staat
        [Resources] de lettertypen of figuren
        [MediaBox] het formaat
        [CropBox] het zichtbare deel
        [Rotate] de draaiing
       *[other] { $name }
    }
    .help = dit hoort niet bij ondertekenen; laat het oorspronkelijke bestand opnieuw ondertekenen
change-annotation = op pagina { $page } is iets geplaatst, veranderd of weggehaald dat geen handtekening is, zoals een opmerking of een link
    .help = laat het oorspronkelijke bestand opnieuw ondertekenen, zonder opmerkingen
change-form = het formulier in de pdf is veranderd: een invulveld, een waarde of een instelling
    .help = dit hoort niet bij ondertekenen; laat het oorspronkelijke bestand opnieuw ondertekenen
change-field = het nieuwe veld ‘{ $name }’ is geen gewoon handtekeningveld, of toont iets zonder dat er ondertekend is
    .help = laat het oorspronkelijke bestand opnieuw ondertekenen, met een ander programma
change-structure = de structuur voor voorleesprogramma’s is veranderd
    .help = dit hoort niet bij ondertekenen; laat het oorspronkelijke bestand opnieuw ondertekenen
change-covers = de zichtbare handtekening op pagina { $page } is te groot, of ligt naast de pagina, en kan de brief bedekken
    .help = maak handtekeningen samen niet groter dan een tiende van de pagina, of onderteken onzichtbaar
change-certified = de handtekening ‘{ $name }’ staat niet toe dat ‘{ $later }’ daarna nog ondertekent
    .help = laat in een andere volgorde tekenen, of zonder vergrendeling
change-certified-late = de certificering ‘{ $name }’ is niet de eerste handtekening, zoals het hoort
    .help = laat eerst certificeren en dan ondertekenen
change-visible = op pagina { $page } staat een zichtbare handtekening; kijk of zij niets van de brief bedekt
change-metadata = de metagegevens van de pdf (XMP) zijn veranderd bij het ondertekenen
    .help = de brief zelf is gelijk; of het bestand nog PDF/A is, wordt apart gezegd
change-information = de documenteigenschappen van de pdf zijn veranderd bij het ondertekenen
    .help = de brief zelf is gelijk
change-validation-data = bewaarde gegevens om handtekeningen te controleren zijn weggehaald
    .help = de brief zelf is gelijk
not-as-issued = dit bestand begint niet met de brief zoals die is vastgesteld
    .help = laat de vastgestelde pdf zelf ondertekenen, niet een kopie die opnieuw is opgeslagen of afgedrukt

## Handtekeningen

signature-broken = de handtekening klopt niet
    .help = vertrouw dit bestand niet; vraag de ondertekenaar om het oorspronkelijke bestand
signature-none = er staat geen handtekening in dit bestand
    .help = onderteken het eerst; is het een scan van een brief die op papier is ondertekend, zeg dat er dan bij, met het kenmerk (--scan --id KENMERK)
signature-received = de handtekening van { $signatory } in { $path } is niet geldig
    .help = het bestand is wel bewaard, zoals het kwam; vraag de afzender zo nodig om een ander bestand
signature-received-unread = wat de handtekeningen in { $path } waard zijn, is niet te zeggen: het bestand is niet in orde
    .help = het bestand is wel bewaard, zoals het kwam; vraag de afzender zo nodig om een ander bestand
trust-missing = het certificaat { $path } is er niet
    .help = leg het PEM-bestand daar neer, of verander ankers onder [vertrouwen]
verdict-signatures = Handtekeningen
verdict-unreadable = niet te beoordelen
verdict-none = niet digitaal ondertekend
verdict-valid = { $signatory }: geldig
verdict-invalid = { $signatory }: niet geldig
verdict-claimed = ondertekend op { $moment }, volgens de ondertekenaar
verdict-timestamp = bestond op { $moment }, volgens een tijdstempel
verdict-issuer = certificaat van { $issuer }
verdict-letter = De brief
verdict-unchanged = ongewijzigd sinds de vaststelling
verdict-changed = niet de brief zoals die is vastgesteld
verdict-as-received = zoals het binnenkwam
verdict-not-as-received = niet zoals het binnenkwam
verdict-not-compared = niet met een vastgestelde brief vergeleken
verdict-standards = Normen
verdict-conforms = voldoet aan { $standard }
verdict-conforms-not = voldoet niet aan { $standard }
signature-range = de handtekening dekt niet het hele bestand zoals het bij het ondertekenen was
    .help = vertrouw dit bestand niet; vraag de ondertekenaar om het oorspronkelijke bestand
signature-contents = de waarde van de handtekening staat niet in het bestand zoals het hoort: er staat te veel, te weinig of iets anders
    .help = vertrouw dit bestand niet; vraag de ondertekenaar om het oorspronkelijke bestand
signature-form = een handtekening van de soort { $form } wordt niet erkend
    .help = laat opnieuw ondertekenen, als PAdES (ETSI.CAdES.detached)
signature-count = het bestand bevat { $count } handtekeningen; meer dan { $most } worden er niet gecontroleerd
    .help = vraag een exemplaar met minder handtekeningen
signature-untrusted = de handtekening klopt en het document is onveranderd, maar { $signatory } is hier niet bekend als ondertekenaar: geen van de ankers staat in voor { $issuer }
    .help = is de ondertekenaar wel te vertrouwen, zet dan het certificaat van de uitgever bij ankers onder [vertrouwen] in postkamer.toml
cms-malformed = de handtekening is niet te lezen: { $part } is niet zoals het hoort
    .help = vertrouw dit bestand niet; laat opnieuw ondertekenen
cms-too-large = de handtekening is te groot om te controleren
    .help = laat opnieuw ondertekenen, met een ander programma
cms-signers = een handtekening heeft één ondertekenaar; deze heeft er { $count }
    .help = laat opnieuw ondertekenen, iedere ondertekenaar met een eigen handtekening
cms-signer-missing = het certificaat van de ondertekenaar zit niet bij de handtekening, of er zijn er meer die het kunnen zijn
    .help = laat opnieuw ondertekenen, met het certificaat erbij
cms-not-detached = de handtekening brengt een eigen inhoud mee in plaats van over het document te gaan
    .help = vertrouw dit bestand niet; laat opnieuw ondertekenen
cms-content-type = de handtekening gaat over iets anders dan over dit document
    .help = vertrouw dit bestand niet; laat opnieuw ondertekenen
cms-changed = het document is na het ondertekenen veranderd, of de handtekening hoort bij een ander document
    .help = vertrouw dit bestand niet; vraag de ondertekenaar om het oorspronkelijke bestand
cms-digest = { $algorithm } is niet veilig (meer) en wordt in handtekeningen niet erkend
    .help = laat opnieuw ondertekenen, met SHA-256 of beter
cms-signature-algorithm = een handtekening met { $algorithm } wordt niet erkend
    .help = laat opnieuw ondertekenen, met RSA, ECDSA of Ed25519 en SHA-256 of beter
cms-key = de sleutel van de ondertekenaar ({ $key }) is te kort of past niet bij de handtekening
    .help = laat opnieuw ondertekenen; RSA vraagt een sleutel van ten minste 2048 bits
cms-signature-wrong = de handtekening is niet met de sleutel van de ondertekenaar gezet, of is zelf veranderd
    .help = vertrouw dit bestand niet; vraag de ondertekenaar om het oorspronkelijke bestand
cms-attribute-missing = in de handtekening ontbreekt { $attribute }
    .help = laat opnieuw ondertekenen, als PAdES
cms-attribute-repeated = in de handtekening staat { $attribute } niet precies één keer
    .help = vertrouw dit bestand niet; laat opnieuw ondertekenen
cms-attributes-order = de kenmerken in de handtekening staan niet in de volgorde waarin ze ondertekend horen te zijn
    .help = laat opnieuw ondertekenen
cms-signing-certificate-missing = de handtekening zegt niet met welk certificaat zij is gezet
    .help = laat opnieuw ondertekenen, als PAdES
cms-signing-certificate-sha1 = de handtekening wijst haar certificaat alleen met SHA-1 aan, dat niet veilig meer is
    .help = laat opnieuw ondertekenen, als PAdES
cms-signing-certificate-other = het certificaat bij de handtekening is niet het certificaat waarmee zij is gezet
    .help = vertrouw dit bestand niet; vraag de ondertekenaar om het oorspronkelijke bestand
cms-algorithm-protection = de algoritmen in de handtekening zijn niet die waarmee zij is gezet
    .help = vertrouw dit bestand niet; vraag de ondertekenaar om het oorspronkelijke bestand
certificate-expired = een certificaat van de ondertekenaar of de uitgever was op het moment dat telt verlopen: het gold tot { $day }
    .help = zonder tijdstempel telt vandaag; laat met een geldig certificaat opnieuw ondertekenen, liefst met een tijdstempel
certificate-not-yet = een certificaat van de ondertekenaar of de uitgever gold op het moment dat telt nog niet: het geldt vanaf { $day }
    .help = kijk of de klok goed staat
certificate-usage = het certificaat van de ondertekenaar is niet bedoeld om mee te ondertekenen
    .help = laat opnieuw ondertekenen met een certificaat voor handtekeningen
certificate-purpose = het certificaat is voor een ander doel uitgegeven dan documenten ondertekenen, zoals een website
    .help = laat opnieuw ondertekenen met een certificaat voor handtekeningen
certificate-authority = een certificaat op de weg naar het anker mag niet waarvoor het is gebruikt: ondertekenen mag alleen een persoon of organisatie, uitgeven alleen een uitgever
    .help = laat opnieuw ondertekenen met een certificaat van een erkende uitgever
certificate-path = de certificaten van de ondertekenaar en de uitgever zijn niet in orde ({ $cause })
    .help = laat opnieuw ondertekenen met een certificaat van een erkende uitgever
certificate-revoked = het certificaat van { $holder } is op { $day } ingetrokken
    .help = vertrouw deze handtekening niet; neem contact op met de ondertekenaar
revocation-later = het certificaat van { $holder } is op { $day } ingetrokken, na het ondertekenen
revocation-good = de certificaten waren niet ingetrokken; de gegevens in het bestand zijn van { $day }
revocation-stale = het certificaat van { $holder } was op { $day } niet ingetrokken; of dat daarna gebeurd is, zegt het bestand niet
revocation-unknown = of de certificaten zijn ingetrokken, is niet na te gaan: het bestand bevat er geen gegevens over
timestamp-missing = de handtekening heeft geen tijdstempel, en dat is hier vereist
    .help = laat opnieuw ondertekenen met een tijdstempel, of zet tijdstempel_vereist onder [vertrouwen] op false
timestamp-none = er is geen tijdstempel: wanneer er is ondertekend, zegt alleen de ondertekenaar
timestamp-repeated = de handtekening heeft meer dan één tijdstempel
    .help = laat opnieuw ondertekenen
timestamp-broken = het tijdstempel van de handtekening deugt niet ({ $cause })
    .help = vertrouw dit bestand niet; laat opnieuw ondertekenen
timestamp-imprint = het tijdstempel hoort bij iets anders
    .help = vertrouw dit bestand niet; laat opnieuw ondertekenen
timestamp-future = het tijdstempel noemt een tijd die nog moet komen
    .help = kijk of de klok goed staat
timestamp-untrusted = het tijdstempel is van { $server }, en geen van de ankers staat daarvoor in
    .help = is die dienst te vertrouwen, zet dan het certificaat van de uitgever bij ankers onder [vertrouwen] in postkamer.toml
timestamp-purpose = het tijdstempel is gezet met een certificaat dat daar niet uitsluitend voor bedoeld is
    .help = laat opnieuw ondertekenen, met een erkende tijdstempeldienst
timestamp-server = het tijdstempel is van { $server }
signature-algorithm = ondertekend met { $algorithm }
signature-whole = de handtekening dekt het hele bestand
signature-later = na de handtekening is er { $count } keer iets aan het bestand toegevoegd
signature-certifies = de ondertekenaar heeft vastgelegd wat er na de handtekening nog mag: { $allowed ->
    [nothing] niets meer
    [forms] formulieren invullen en ondertekenen
   *[comments] aantekeningen maken, formulieren invullen en ondertekenen
    }
trust-none = hier staan geen certificaten in
    .help = een anker is een certificaat in PEM: regels tussen BEGIN CERTIFICATE en END CERTIFICATE
trust-certificate = certificaat { $number } in dit bestand is niet te lezen
    .help = haal het certificaat opnieuw op bij de uitgever, in PEM

## Zetten van handtekeningen

p12-unreadable = dit is geen bestand met een sleutel en certificaat (PKCS#12, meestal .p12 of .pfx), of het is beschadigd
    .help = gebruik het bestand zoals de uitgever van het certificaat het gaf
p12-unsupported = dit bestand met sleutel en certificaat is versleuteld op een manier die dit programma niet kent
    .help = maak het opnieuw met AES, bijvoorbeeld met ‘openssl pkcs12 -export’
p12-passphrase = het wachtwoord van het bestand met de sleutel klopt niet
    .help = let op hoofdletters; het is het wachtwoord waarmee het .p12- of .pfx-bestand is gemaakt
p12-without-key = in dit bestand staat geen sleutel om mee te ondertekenen, hooguit certificaten
    .help = vraag om het .p12- of .pfx-bestand waarin ook de persoonlijke sleutel staat
p12-several-keys = in dit bestand staan { $total } sleutels; het is niet duidelijk met welke ondertekend moet worden
    .help = maak een bestand met alleen de sleutel en het certificaat van de ondertekenaar
p12-key-without-certificate = in dit bestand staat geen certificaat dat bij de sleutel hoort
    .help = maak het bestand opnieuw met sleutel en certificaat van dezelfde ondertekenaar
p12-key-unsupported = met dit soort sleutel kan niet ondertekend worden
    .help = gebruik een RSA-sleutel van 2048 tot 8192 bits, of een sleutel op P-256, P-384 of P-521
p12-key-short = deze RSA-sleutel is korter dan 2048 bits, en een handtekening daarmee is na te maken
    .help = vraag een certificaat met een langere sleutel aan
p12-key-broken = met de sleutel uit dit bestand lukt het ondertekenen niet
    .help = vraag de uitgever van het certificaat om een nieuw bestand
p12-certificate = een certificaat in dit bestand is niet te lezen
    .help = vraag de uitgever van het certificaat om een nieuw bestand
p12-certificate-early = het certificaat van { $name } geldt pas vanaf { $day }
    .help = onderteken vanaf die dag, of gebruik een certificaat dat nu geldt
p12-certificate-expired = het certificaat van { $name } is verlopen op { $day }
    .help = gebruik een certificaat dat nu geldt
p12-certificate-use = het certificaat van { $name } is niet bedoeld om mee te ondertekenen
    .help = gebruik een certificaat voor handtekeningen, niet een voor versleuteling of een website
tsa-url = { $url } is geen adres van een tijdstempeldienst
    .help = het adres begint met http:// of https://; de uitgever van het certificaat kan het noemen
tsa-proxy = het adres van de proxy is niet te lezen
    .help = controleer de omgevingsvariabelen HTTPS_PROXY, HTTP_PROXY en ALL_PROXY
sign-closed = handtekening { $field } sluit het document af: er mag niets meer bij
    .help = onderteken een exemplaar van vóór die handtekening
sign-file-full = in deze pdf past geen handtekening meer: ze is te groot, of de nummers voor haar onderdelen zijn op
    .help = maak een kleinere pdf, bijvoorbeeld zonder de bijlagen, en onderteken die
sign-structure = de structuur voor voorleesprogramma’s in deze pdf is niet in orde; er kan geen zichtbare handtekening in
    .help = onderteken zonder zichtbare handtekening, of herstel de pdf in het programma dat haar maakte
sign-appearance = wat er van de handtekening te zien moet zijn, past niet in de pdf
    .help = onderteken zonder zichtbare handtekening
sign-page = pagina { $page } is er niet: de pdf heeft er { $total }
    .help = kies een pagina van 1 tot en met { $total }
sign-visible-later = er staat al een handtekening in deze pdf; een zichtbare erbij zou die ongeldig maken
    .help = onderteken zonder zichtbare handtekening, of laat de eerste ondertekenaar opnieuw beginnen, met plaats voor de anderen
sign-without-place = { $id } is ondertekend, maar op de brief is de handtekening van { $signatory } niet te zien
    .help = de handtekening geldt ook zo; plaatsen om haar te tonen, één voor elke ondertekenaar, zijn er alleen als ‘postkamer sign’ de eerste handtekening heeft gezet
sign-message-grows = de handtekening werd telkens groter dan de ruimte die ervoor was
    .help = probeer het opnieuw; gebruik anders een andere tijdstempeldienst
sign-passphrase-missing = het wachtwoord van het bestand met de sleutel ontbreekt
    .help = geef het met --passphrase-file of in de omgevingsvariabele POSTKAMER_P12_PASSPHRASE
sign-passphrase-file = { $path } bevat geen wachtwoord dat te lezen is
    .help = zet het wachtwoord op de eerste en enige regel, als gewone tekst (UTF-8)
sign-file-missing = het bestand { $path } is er niet
    .help = controleer het pad
sign-file-large = { $path } is te groot om te lezen
    .help = kijk of dit het goede bestand is
sign-over-key = { $path } is het bestand met de sleutel of het wachtwoord
    .help = kies met -o een ander bestand
sign-over-itself = { $path } is het bestand dat ondertekend wordt; het blijft zoals het is
    .help = kies met -o een andere naam
sign-exists = { $path } bestaat al
    .help = kies met -o een andere naam, of haal het bestand weg

## Het archief

archive-chain-lost = { $id } werd gearchiveerd na gebeurtenis { $event } van het register, en die staat daar niet meer, of is een andere geworden
    .help = er zijn gebeurtenissen uit het register geknipt, of het is opnieuw gemaakt; bewaar het zoals het is en vergelijk het met een reservekopie
archive-elsewhere = { $id } is een brief van een andere werkruimte
    .help = geef het bestand daar af: elke werkruimte heeft een archief van zichzelf
archive-letter-missing = { $id } is niet in het archief
    .help = stel een uitgaande brief nog eens vast met ‘postkamer issue’: ongewijzigd krijgt hij geen nieuw nummer, en komt hij in het archief; aan een inkomende brief voegt u zijn bestand toe met ‘postkamer archive add BESTAND --id { $id } --scan’
archive-letters-missing = { $letters ->
        [one] één brief is
       *[other] { $letters } brieven zijn
    } nog niet in het archief, omdat er destijds geen archief was
    .help = stel een uitgaande brief nog eens vast met ‘postkamer issue’; ongewijzigd komt hij onder zijn nummer in het archief; geef een inkomende zijn bestand nog eens met ‘postkamer archive add BESTAND --id NUMMER --scan’
archive-gone = in { $path } is geen archief meer
    .help = zet de map terug waar zij stond, of uit een reservekopie; staat het archief ergens anders, zeg dat dan met url onder [archief]
archive-lost = in { $path } is geen archief, terwijl het register { $letters ->
        [one] één brief
       *[other] { $letters } brieven
    } in het archief heeft
    .help = zet de map terug waar zij stond (is de schijf aangekoppeld?), of uit een reservekopie; staat het archief ergens anders, zeg dat dan met url onder [archief]. Een nieuw archief zou die brieven niet hebben, dus er is niets gemaakt
archive-missing = er is nog geen archief in { $path }
    .help = het komt er met de eerste brief die wordt vastgesteld of ontvangen; kijk anders bij url onder [archief]
archive-no-letter = dit bestand begint niet met een brief die hier is vastgesteld
    .help = onderteken het bestand dat is vastgesteld (uitgaand/…), zonder het eerst op te slaan of af te drukken met een ander programma; is het een scan van een brief die op papier is ondertekend, zeg dat er dan bij, met het kenmerk (--scan --id KENMERK)
archive-not-this-letter = dit bestand begint niet met de bytes van { $id } zoals die is vastgesteld
    .help = onderteken het bestand dat is vastgesteld (uitgaand/…), zonder het eerst op te slaan of af te drukken met een ander programma
archive-other-letter = dit is niet { $id } maar { $other }
    .help = laat --id weg, of geef --id { $other }
archive-not-standing = { $id } heeft de status { $status } en kan niet ondertekend worden
    .help = { $direction ->
        [in] deze brief is binnengekomen; een bestand dat er nog bij hoort, voegt u toe met ‘postkamer archive add BESTAND --id { $id } --scan’, of in de werkbank met het vinkje onder het kenmerk
       *[uit] alleen een vastgestelde brief die niet is ingetrokken kan ondertekend terugkomen
    }
archive-object-changed = wat het archief van { $id } heeft, is niet wat het register heeft vastgelegd
    .help = ‘postkamer archive verify { $id }’ zegt welk bestand is veranderd; zet het terug uit een reservekopie
archive-kept-unreadable = wat het archief van { $id } bij ‘{ $field }’ heeft, kan dit programma niet lezen
    .help = gebruik een nieuwere versie van het programma; helpt dat niet, meld dit dan
archive-register-differs = { $path } van { $id } is volgens het archief een ander bestand dan volgens de bestanden van de brief in het register
    .help = ‘postkamer register verify’ zegt of er iets is veranderd
archive-scan-unknown = dit bestand is geen scan die het archief kent
    .help = geef een pdf, png, jpeg of tiff
archive-signature-lost = in dit bestand ontbreekt een handtekening die { $id } in het archief al heeft
    .help = wie als tweede ondertekent, doet dat op het bestand dat de eerste ondertekende; ‘postkamer archive get { $id }’ geeft het
archive-superseded = dit is versie { $version } van { $id }; inmiddels geldt versie { $current }
    .help = onderteken de versie die nu geldt (uitgaand/…)
archive-exported = brieven: { $letters }, bestanden: { $files }
archive-verify-clean = objecten: { $objects }; alles is zoals het is gearchiveerd
archive-verify-wrong = objecten: { $objects }, fouten: { $faults }; laat het archief zoals het nu is en vergelijk het met een reservekopie
archive-versions = Versies
archived-vastgesteld = vastgesteld
archived-ondertekend = ondertekend
archived-gescand = gescand
archived-ontvangen = ontvangen
archive-version = { $version }  { $kind }  { $files ->
        [one] 1 bestand
       *[other] { $files } bestanden
    }
archive-id-refused = een archiefstuk kan ‘{ $id }’ niet als kenmerk hebben
    .help = een kenmerk is niet leeg, heeft geen stuurtekens en is niet langer dan 4096 bytes
archive-path-refused = een bestand kan niet onder de naam ‘{ $path }’ in het archief
    .help = hernoem het: geen backslash of stuurtekens, niet ‘.’ of ‘..’, en elk deel hoogstens 255 bytes lang
archive-path-twice = ‘{ $path }’ staat dubbel tussen de bestanden, of heet zoals een map ernaast; hoofdletters en de schrijfwijze van accenten tellen niet als verschil
    .help = hernoem een van beide
archive-version-empty = er zijn geen bestanden om als { $id } te archiveren
    .help = er is niets gearchiveerd; kijk met ‘postkamer register show { $id }’ welke bestanden de brief heeft
archive-folder-taken = in { $path } ligt iets anders dan een archief
    .help = wijs onder [archief] met url een map aan die leeg is of nog niet bestaat
archive-other-ocfl = het archief { $path } is van een andere versie van OCFL ({ $version }) dan 1.1
    .help = werk het programma bij, of wijs onder [archief] met url een ander archief aan
archive-other-layout = het archief { $path } is anders ingedeeld dan dit programma doet
    .help = wijs onder [archief] met url een archief aan dat met dit programma is gemaakt
archive-other-disk = { $staging } ligt op een andere schijf dan het archief { $path }, zodat niets in één keer het archief in kan
    .help = neem als archief een map binnen de schijf, niet de schijf zelf
archive-object-overtaken = { $id } is in het archief intussen veranderd
    .help = probeer het opnieuw
archive-ahead = het archief heeft van { $id } versie { $found }, het register niet verder dan { $version }
    .help = is het register uit een reservekopie teruggezet, zet dan een nieuwere terug; er is niets uit het archief weggehaald
archive-behind = het register kent versie { $version } van { $id }, maar het archief heeft die niet
    .help = zet het archief terug uit een reservekopie
archive-mark-broken = { $path } is aangeraakt: er staat niet meer in welke versie onderweg was naar het archief
    .help = zet het bestand terug uit een reservekopie; weet u zeker dat niemand nu archiveert en dat ‘postkamer archive verify’ niets vindt, verwijder het dan
archive-no-such-file = versie { $version } van { $id } heeft in het archief geen bestand ‘{ $path }’
    .help = ‘postkamer archive show { $id }’ toont de versies en hun bestanden
archive-inventory-broken = { $path } is geen inventaris zoals OCFL die voorschrijft (regel { $rule }, bij { $at })
    .help = zet het bestand terug uit een reservekopie
archive-inventory-changed = { $path } is veranderd sinds het is gearchiveerd: wat het over de bestanden zegt, telt niet meer
    .help = zet het bestand terug uit een reservekopie
archive-file-changed = { $path } is veranderd sinds het is gearchiveerd
    .help = zet het bestand terug uit een reservekopie
archive-file-missing = { $path } is weg uit het archief
    .help = zet het terug uit een reservekopie
archive-file-extra = { $path } hoort niet in het archief
    .help = kijk wat het is en haal het weg: het archief bevat alleen wat dit programma erin legt
archive-file-unreadable = { $path } in het archief is niet te lezen: { $cause }
    .help = controleer de rechten en de schijf
archive-link = { $path } in het archief is een verwijzing of iets anders dan een gewoon bestand; die wordt niet gevolgd
    .help = zet het bestand of de map zelf op die plaats, uit een reservekopie
archive-empty-folder = { $path } in het archief is een lege map
    .help = haal de map weg, of zet terug wat erin hoort
archive-object-unknown = { $path } ligt in het archief, maar het register heeft daar niets vastgelegd
    .help = is het verplaatst, zet het dan terug; is het register teruggezet uit een reservekopie, neem dan een nieuwere
archive-object-missing = { $id } is weg uit het archief; het hoort in { $path }
    .help = zet de map terug uit een reservekopie

## Metagegevens en overdracht

retention-invalid = ‘{ $value }’ is geen bewaartermijn
    .help = schrijf P en dan het aantal jaren, maanden of dagen, zoals P20Y (20 jaar), P1Y6M (anderhalf jaar) of P90D (90 dagen)
retention-of-kept = wat blijvend wordt bewaard, heeft geen bewaartermijn ({ $term })
    .help = verwijder bewaartermijn, of schrijf waardering = "te vernietigen"
appraisal-unknown = ‘{ $value }’ is geen waardering
    .help = { $meant ->
        [none] schrijf waardering = "blijvend te bewaren" of "te vernietigen" (of de code: B of V)
       *[other] bedoelde u ‘{ $meant }’?
    }
archive-folder = ‘{ $value }’ kan niet de map van het archief zijn: { $reason ->
        [address] het archief staat in een map, niet op een adres
        [workspace] dat is de map van de werkruimte zelf
        [taken] die map is voor iets anders
       *[control] er staan onzichtbare tekens in
    }
    .help = kies een map waarin niets anders staat, zoals url = "archief"
anchor-empty = dit anker heeft geen pad
    .help = noem het bestand (PEM) met het certificaat, zoals "vertrouwen/ca.pem", of verwijder het
mdto-missing = voor de metagegevens (MDTO) van { $id } ontbreekt { $element }
    .help = vul het aan: onderwerp met ‘postkamer register correct’, de naam van de organisatie in postkamer.toml
source-unreadable = een bestand waaruit de brief is gemaakt, is niet te lezen: { $path }: { $cause }
    .help = haal de brief opnieuw uit het archief met ‘postkamer archive get’, en controleer het archief met ‘postkamer archive verify’
export-nothing = er is geen brief om over te dragen
    .help = noem de nummers van de brieven; ‘postkamer archive list’ toont ze
export-folder-taken = er staat al iets in { $path }
    .help = kies een map die nog niet bestaat, of die leeg is
export-in-archive = { $path } ligt in het archief, en daar hoort alleen het archief
    .help = kies een map erbuiten
export-without-files = van { $id } staan er geen bestanden in het archief
    .help = controleer het archief met ‘postkamer archive verify’
export-digest = het bestand { $path } van { $id } is niet meer wat is gearchiveerd
    .help = zet het archief terug uit een reservekopie en controleer het met ‘postkamer archive verify’
export-signature = een handtekening in { $path } van { $id } is niet geldig
    .help = bekijk met ‘postkamer archive show’ waarom, en vraag zo nodig een nieuw ondertekend exemplaar

## Mailings

mail-no-rows = onder de kop van de tabel staat geen enkele rij
    .help = zet elke ontvanger op een eigen rij
mail-too-many-rows = de tabel heeft { $rows } rijen; een mailing heeft er hoogstens { $limit }
    .help = splits de tabel
mail-reference-fixed = elke brief van een mailing krijgt een eigen kenmerk
    .help = haal kenmerk weg uit de brief
mail-columns-nameless = de tabel heeft geen kolom organisatie en geen kolom achternaam
    .help = { $meant ->
        [none] de eerste rij noemt de kolommen, zoals organisatie, straat, huisnummer, postcode en plaats
       *[other] is een daarvan de kolom ‘{ $meant }’? Geef haar dan die naam
    }
mail-field-fixed = ‘{ $key }’ is voor elke ontvanger gelijk: { $value }
    .help = { $key ->
        [verzonden_aan] haal de regel weg uit de brief, tenzij elke ontvanger deze adressen mag zien
       *[other] geef de tabel een kolom { $key }, of haal de regel weg uit de brief
    }
mail-column-double = de kolommen ‘{ $other }’ en ‘{ $key }’ vullen hetzelfde veld
    .help = geef een van beide een andere naam of haal haar weg
mail-name-without-column = de brief noemt ‘{ $key }’, maar { $file } heeft geen kolom van die naam
    .help = { $meant ->
        [none] voeg de kolom toe, of haal de naam weg uit de brief
       *[other] bedoelde u ‘{ $meant }’?
    }
mail-column-unused = de kolom ‘{ $key }’ vult geen veld en wordt nergens genoemd
    .help = { $meant ->
        [none] { $names ->
            [none] haal de kolom weg, of geef haar een naam van letters zonder accenten, cijfers en _ om haar in de brief te noemen
           *[other] haal de kolom weg, of noem haar in de brief als {"{{"}rij.{ $names }{"}}"}, met onder [rij] een regel { $names } = "voorbeeld"
        }
       *[other] bedoelde u ‘{ $meant }’?
    }
mail-rows-empty = lege rijen worden overgeslagen: { $rows }
mail-cell-empty = de brief noemt ‘{ $name }’, maar de cel is leeg
    .help = vul de cel in, of zet de zin in de brief tussen {"{{"}#if { $name }{"}}"} en {"{{"}/if{"}}"}
mail-number-is-day = ‘{ $value }’ is een datum; zo verandert een spreadsheet een huisnummer als 1-3
    .help = geef de kolom de opmaak Tekst en vul het huisnummer opnieuw in
mail-number-decimal = een huisnummer of postbusnummer heeft geen decimalen: { $value }
    .help = geef de kolom de opmaak Tekst en vul het nummer opnieuw in
mail-number-scientific = de spreadsheet heeft dit getal afgekort tot { $value }
    .help = geef de kolom de opmaak Tekst en vul het hele nummer opnieuw in; de cijfers die weg zijn, weet het bestand niet meer
mail-cell-error = de formule in deze cel gaf een fout ({ $value })
    .help = herstel de formule in de spreadsheet of zet er de waarde neer, maak de kolom breder als er alleen hekjes staan, en sla de tabel opnieuw op
mail-cell-number = zo staan de cellen van ‘{ $key }’ in de brief: { $value }
    .help = moet het er anders staan, zoals € 1.250,50 of 15%, geef de kolom in de spreadsheet dan de opmaak Tekst en vul de cellen opnieuw in
mail-day = ‘{ $value }’ is geen datum
    .help = schrijf een bestaande dag als 2023-02-21, 21-2-2023 of 21 februari 2023
mail-name-incomplete = ‘{ $other }’ is ingevuld, maar de achternaam niet
    .help = vul de achternaam in, of maak ‘{ $other }’ leeg
mail-form-unknown = de aanspreekvorm is onbekend; de aanhef wordt: { $value }
    .help = vul mevrouw of heer in, of none als het zo goed is
mail-double = deze ontvanger staat ook in rij { $other }
    .help = haal een van beide rijen weg, of laat het zo als het om twee brieven gaat
mail-double-email = het e-mailadres { $value } staat ook in rij { $other }
    .help = haal een van beide rijen weg, of laat het zo als het om twee ontvangers gaat
mail-more-pages = deze brief krijgt { $pages } pagina’s, die met de voorbeeldrij { $expected }
    .help = kijk of dat zo bedoeld is: bij het vouwen en frankeren telt het
mail-window-address = het adres past niet in het venster van de envelop
    .help = maak het adres korter, of kijk in sjabloon.toml of het venster klopt
mail-window-other = in het venster van de envelop is ook iets anders te zien dan het adres: { $value }
    .help = kijk in sjabloon.toml of het venster klopt, en maak lange teksten eromheen korter
mail-window-drawn = in het venster van de envelop is behalve het adres een lijn, vlak of beeld te zien
    .help = kijk in sjabloon.toml of het venster klopt, en in stijl.typ wat er staat
mail-no-kix = voor dit adres is er geen KIX-code; de brief gaat zonder
    .help = de code heeft een huisnummer nodig, met een korte toevoeging, of een postbusnummer

## Printbestanden

print-piece-broken = de brief ‘{ $title }’ kan niet in het printbestand: de pdf is beschadigd, versleuteld of leeg
    .help = controleer het archief met ‘postkamer archive verify’ en haal daar een hele pdf uit
print-piece-layers = de brief ‘{ $title }’ kan niet in het printbestand: hij heeft lagen die aan of uit kunnen staan
    .help = print deze brief apart uit een pdf-programma, waar u de lagen ziet
print-nothing = er zijn geen brieven om in het printbestand te zetten
    .help = kijk met ‘postkamer mail status’ welke brieven gereed zijn
print-too-many-objects = het printbestand krijgt meer dan { $most } onderdelen, en die kan geen pdf-programma lezen
    .help = splits de tabel en maak meer printbestanden
print-file-title = { $title } (printbestand)
print-file-subject = Printbestand van een mailing: alleen om te printen. Het is geen archiefstuk; de brieven in het archief gelden.
print-file-keywords = printbestand, mailing, geen archiefstuk
outside-print = het printbestand kan niet worden geschreven: { $cause }
    .help = de brieven zelf zijn er nog; controleer ruimte en rechten en probeer het opnieuw

## Mailings uitvoeren

mail-name = { $value } is geen naam voor een mailing
    .help = een naam begint met een letter of cijfer en heeft verder letters, cijfers, spaties, streepjes (- en _) en punten; hoogstens { $limit } tekens
mail-unknown = er is geen mailing die { $name } heet{ $meant ->
        [none] {""}
       *[other] ; bedoelde u { $meant }?
    }
    .help = { $names ->
        [none] er is nog geen mailing; ‘postkamer mail run’ begint er een
       *[other] deze zijn er: { $names }
    }
mail-other-letter = de mailing { $name } is begonnen met een andere brief: { $letter }
    .help = geef die brief op, of geef deze mailing een eigen naam met --name
mail-letter-changed = de brief, zijn sjabloon, een bijlage of een instelling is veranderd sinds de mailing { $name } begon (al gemaakt: { $done }): { $changed }
    .help = gemaakte brieven blijven zoals ze zijn: zet terug wat er veranderde om de mailing af te maken of opnieuw af te drukken, of begin met --name een nieuwe mailing met de rijen die de nieuwe brief krijgen
mail-letter-differs = de brief, zijn sjabloon, een bijlage of een instelling is anders dan toen de mailing { $name } werd gepland
    .help = voer ‘postkamer mail run’ opnieuw uit met deze brief; daarbij wordt gezegd wat er kan
mail-row-changed = deze rij is veranderd sinds haar brief { $id } is gemaakt{ $was ->
        [none] {""}
       *[other] ; er stond: { $was }
    }
    .help = zet terug wat er stond; wie een andere brief moet krijgen, komt in een nieuwe mailing
mail-row-gone = rij { $row } ({ $value }) staat niet meer in de tabel, en brief { $id } is al gemaakt
    .help = zet de rij terug: rijen die klaar zijn blijven in de tabel staan, verbeterde en nieuwe rijen komen erbij
mail-row-gone-waiting = rij { $row } ({ $value }) staat niet meer in de tabel, en kenmerk { $id } is ervoor gereserveerd
    .help = zet de rij terug, of laat het kenmerk eerst vervallen met ‘postkamer register void { $id } --reden …’
mail-number-void = kenmerk { $id } is vervallen voordat de brief er was
    .help = moet de brief er toch komen, neem de rij dan op in een nieuwe mailing
mail-row-fatal = bij het maken van deze brief viel het programma telkens uit; de rij is geweigerd
    .help = maak de rij korter of eenvoudiger; blijft het zo, meld het dan aan uw beheerder, met deze rij erbij
mail-row-slow = deze brief was na { $seconds } seconden nog niet klaar; de rij is geweigerd
    .help = maak de rij korter of eenvoudiger; blijft het zo, meld het dan aan uw beheerder, met deze rij erbij
mail-letter-left-out = brief { $id } is niet meegenomen, want hij is { $status }
mail-pdf-falls-short = de pdf van { $id } voldoet niet aan de norm: { $reason }
    .help = meld dit aan uw beheerder, met de brief erbij
mail-file-aside = { $path } lag er al en is iets anders
    .help = dat bestand is bewaard als { $kept }
mail-file-not-placed = bestand ‘{ $name }’ kon niet op zijn plaats worden gezet, want het is niet meer wat bij het vaststellen is vastgelegd (aantal brieven: { $count })
    .help = zet het bestand terug zoals het was, waar de brief het noemt, en voer ‘postkamer mail run’ opnieuw uit
mail-report-kind = een rapport is een .csv- of een .json-bestand, en { $path } is geen van beide
    .help = kies een naam die eindigt op .csv of .json

## Buiten het programma

system-missing = het bestand of de map bestaat niet
system-denied = dat mag niet (geen rechten)
system-full = de schijf is vol
system-read-only = daar kan alleen gelezen worden
system-folder = dat is een map
system-no-folder = een deel van het pad is geen map
system-name = de naam is te lang of kan niet op deze schijf
system-busy = een ander programma heeft het in gebruik
system-quota = er mag niet meer op deze schijf bij
outside-read = { $path } is niet te lezen: { $cause }
    .help = er is niets veranderd; controleer de rechten en probeer het opnieuw
outside-mail-worker = een werkproces van de mailing is gestopt: { $cause }
    .help = de reden staat hierboven; wat al was vastgelegd, is heel, en ‘postkamer mail run’ gaat verder waar de mailing was
outside-write = { $path } is niet te schrijven: { $cause }
    .help = wat er stond, staat er nog; controleer ruimte en rechten en probeer het opnieuw
outside-write-folder = de map { $path } is er niet
    .help = maak die map, of kies een andere
outside-png = pagina { $path } kan geen PNG worden: { $cause }
    .help = kies --format pdf of --format svg
outside-watch = { $path } is niet te volgen: { $cause }
    .help = gebruik ‘postkamer render’
outside-timestamp = de tijdstempeldienst { $path } is niet te bereiken: { $cause }
    .help = er is niets ondertekend; controleer het adres en de verbinding en probeer het opnieuw
outside-timestamp-status = de tijdstempeldienst { $path } antwoordt met een storing: HTTP { $cause }
    .help = er is niets ondertekend; controleer het adres of probeer het later opnieuw
outside-timestamp-answer = de tijdstempeldienst { $path } geeft een antwoord dat geen tijdstempel is: { $cause }
    .help = er is niets ondertekend; controleer of dit het adres van een tijdstempeldienst is (RFC 3161)
outside-timestamp-rejected = de tijdstempeldienst { $path } weigert een tijdstempel: { $cause }
    .help = er is niets ondertekend; vraag de beheerder van de dienst waarom
outside-timestamp-other = de tijdstempeldienst { $path } geeft een tijdstempel dat niet bij deze handtekening hoort ({ $cause })
    .help = er is niets ondertekend; probeer het opnieuw, en gebruik anders een andere dienst

## Meldingen

sign-ask-passphrase = wachtwoord van { $path }:
written = geschreven: { $path }
kept = bestond al, blijft zoals het is: { $path }
check-clean = brieven in orde: { $total }
check-wrong = brieven: { $total }, met fouten: { $wrong }
mail-checked = rijen: { $total }, in orde: { $fine }, met fouten: { $wrong }
mail-progress = { $done } van { $all } brieven; { $rate } per seconde, nog { $left } s
mail-validated = pdf's gecontroleerd: { $checked }, niet volgens de norm: { $wrong }
mail-printed = printbestand: { $path } (brieven: { $letters }, pagina’s: { $pages }, waarvan leeg: { $blanks }); niet om te bewaren
mail-refused-row = geweigerd: { $place }: { $reason }
mail-refused-more = … en nog { $count } geweigerde { $count ->
        [one] rij
       *[other] rijen
    }; in het rapport (--report BESTAND) staan ze allemaal
mail-standing = { $name }: { $done } van { $total } gereed, { $refused } geweigerd, { $waiting } wachtend
mail-standing-busy = { $name }: { $done } van { $total } gereed, { $refused } geweigerd, { $waiting } wachtend, { $busy } bezig (werkprocessen: { $workers })
watch-waits = wacht tot { $path } er weer is; Ctrl+C stopt het wachten
watch-done = { $path } ({ $time } ms)

## De werkbank

mail-no-letter = kies de brief van de mailing
    .help = staat hij er niet bij, schrijf hem dan eerst bij de brieven
mail-no-table = geef de tabel met ontvangers
    .help = een bestand uit Excel (.xlsx), LibreOffice (.ods) of een .csv-bestand
mail-taken = er is al een mailing die { $name } heet
    .help = kies een andere naam, of ga verder met de mailing die er is
mail-busy = de mailing { $name } is bezig; intussen verandert haar tabel niet
    .help = wacht tot ze klaar is
mail-look-old = de brief, de tabel of een instelling is veranderd sinds u de mailing bekeek; er is niets begonnen
    .help = ga terug, bekijk de mailing opnieuw en start haar dan
serve-url-missing = op { $address } kan de werkbank onder elke naam bereikt worden, en dan is niet te zien of een verzoek voor haar bestemd is
    .help = zeg met --url onder welk adres mensen haar bereiken, zoals --url https://post.example.nl, of luister op één adres
serve-url = ‘{ $url }’ is geen adres waarop een browser de werkbank kan bereiken
    .help = geef het adres zonder pad, zoals https://post.example.nl
serve-listening = De werkbank staat open op { $url } en luistert op { $address } (stoppen met Ctrl-C)
serve-no-accounts = Let op: er zijn nog geen accounts, dus niemand kan zich aanmelden; maak er een met ‘postkamer user add NAAM’
serve-not-secure = Let op: zonder TLS gaan wachtwoorden leesbaar over het netwerk; zet een reverse proxy met TLS voor de werkbank en geef --url https://…
account-taken = er is al een account ‘{ $name }’
    .help = geef het een nieuw wachtwoord en een nieuwe rol met --replace, of kies een andere naam
account-unknown = er is geen account ‘{ $name }’
    .help = ‘postkamer user list’ geeft de accounts
account-name = ‘{ $name }’ kan geen naam van een account zijn
    .help = gebruik ten hoogste 64 letters en cijfers, met daartussen . - _ of @, zoals a.jansen
account-added = Account ‘{ $name }’ met de rol { $role } staat klaar
account-removed = Account ‘{ $name }’ is weg
password-length = een wachtwoord heeft ten minste { $least } tekens en ten hoogste { $most } bytes
    .help = neem een zin van een paar woorden
password-missing = het wachtwoord ontbreekt, en er is geen beeldscherm om erom te vragen
    .help = geef het met --password-file: een bestand met het wachtwoord op de eerste regel
password-differs = de twee wachtwoorden zijn niet gelijk
    .help = begin opnieuw
ask-password = Wachtwoord (ten minste { $least } tekens):
ask-password-again = Nog eens:
outside-listen = op { $path } kan niet geluisterd worden: { $cause }
    .help = is er al een werkbank open, of gebruikt een ander programma deze poort? Kies een andere met --listen 127.0.0.1:7879
outside-hash = het wachtwoord kan niet verwerkt worden: { $cause }
    .help = er is niets veranderd; sluit programma’s die veel geheugen vragen en probeer het opnieuw
outside-request = dit verzoek is afgebroken: { $cause }
    .help = probeer het nog eens; wat al vastlag is er nog
outside-errand = het werk hiervoor is mislukt: { $cause }
    .help = wat al vastlag is er nog; probeer het nog eens, of vraag wie de werkbank beheert naar het logboek
outside-errand-answer = wat het programma hierover meldt, is niet (helemaal) te lezen: { $cause }
    .help = kijk eerst of het is gedaan voordat u het nog eens doet; blijft het zo, doe het dan op de opdrachtregel
outside-errand-slow = het werk hiervoor duurde langer dan { $cause } seconden en is afgebroken
    .help = wat al vastlag is er nog; maak het kleiner, of doe het op de opdrachtregel
mail-table-heavy = deze tabel is te groot om te lezen: { $file }
    .help = splits de tabel, of bewaar het werkblad als CSV; verwijder ook lege rijen en kolommen met alleen opmaak
recorded-outside = het bestand van { $id } ligt buiten de werkruimte: { $path }
    .help = controleer het register bij ‘Controle’, of vraag een beheerder dat te doen
recorded-algorithm = het bestand { $path } van { $id } heeft een controlegetal volgens ‘{ $algorithm }’, dat dit programma niet kent
    .help = gebruik een nieuwere versie van het programma
recorded-missing = het bestand { $path } van { $id } is weg
    .help = zet het terug uit het archief of een reservekopie
recorded-changed = het bestand { $path } van { $id } is veranderd nadat het werd vastgelegd, en wordt daarom niet getoond
    .help = zet het terug uit het archief of een reservekopie
recorded-unreadable = het bestand { $path } van { $id } is niet te lezen: { $cause }
    .help = controleer de rechten en de schijf
press-row = rij { $row } staat niet (meer) in de tabel
    .help = kies een andere rij; misschien is de tabel intussen vervangen
press-slow = deze brief is na { $seconds } seconden nog niet opgemaakt
    .help = maak de laatste wijziging ongedaan; blijft het zo, kijk dan of er in het sjabloon iets eindeloos wordt herhaald
press-died = bij het opmaken van deze brief viel het programma uit
    .help = maak de laatste wijziging ongedaan; blijft het zo, dan vraagt de brief of het sjabloon te veel geheugen
letter-unseen = deze brief, of wat erbij hoort (sjabloon, instellingen, figuren, de dag), is veranderd sinds u ernaar keek
    .help = bekijk de brief zoals die nu is, en stel dan vast
letter-fence = de kop van het bestand heeft een regel met alleen +++, en die zou hem te vroeg afsluiten; er is niets bewaard
    .help = haal die regel weg uit de kop als tekst, of zet er iets voor, en bewaar dan
letter-front = de kop van het bestand is niet te lezen, en wat u in de velden wijzigde kan er dus niet in; er is niets bewaard
    .help = herstel wat u in de kop als tekst wijzigde, en bewaar dan
