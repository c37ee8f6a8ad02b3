# De woorden van de werkbank: wat elke pagina heeft, en aanmelden.

web-room-desk = Bureau
web-room-letters = Brieven
web-room-register = Register
web-room-mailings = Mailings
web-room-archive = Archief
web-rooms = Ruimtes
web-skip = Naar de inhoud
web-sign-in = Aanmelden
web-sign-out = Afmelden
web-sign-in-wrong = Deze naam en dit wachtwoord horen niet bij elkaar. Probeer het nog eens, of vraag wie de werkbank beheert om een nieuw wachtwoord.
web-account-name = Naam
web-account-password = Wachtwoord

web-failed-refused = Dit kan zo niet
web-failed-outside = Het is niet gelukt
web-failed-missing = Niet gevonden
web-failed-missing-help = Op dit adres staat niets (meer). Kies hierboven een ruimte om verder te gaan.
web-failed-forbidden = Dit mag u niet doen
web-failed-forbidden-help = Hiervoor is de rol ‘{ $role }’ nodig. Er is niets gewijzigd. Vraag wie de werkbank beheert om deze rol.
web-failed-stale = Deze pagina is verlopen
web-failed-stale-help = Er is niets gewijzigd. Ga terug, laad de pagina opnieuw en probeer het nog eens.
web-failed-sign-in = U bent niet (meer) aangemeld
web-failed-too-many = Te veel pogingen
web-failed-too-many-help = Wacht { $seconds } seconden en probeer het dan opnieuw.
web-failed-too-large = Dit bestand is te groot
web-failed-too-large-help = Er is niets bewaard. Een bestand mag hier niet groter zijn dan 100 MB, een formulier niet groter dan 4 MB.
web-failed-malformed = Dit verzoek is niet te lezen
web-failed-malformed-help = Er is niets gewijzigd. Ga terug, laad de pagina opnieuw en probeer het nog eens.
