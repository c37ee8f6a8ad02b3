# The words of the workbench: what every page has, and signing in.

web-room-desk = Desk
web-room-letters = Letters
web-room-register = Register
web-room-mailings = Mailings
web-room-archive = Archive
web-rooms = Rooms
web-skip = To the content
web-sign-in = Sign in
web-sign-out = Sign out
web-sign-in-wrong = This name and this password do not belong together. Try again, or ask whoever manages the workbench for a new password.
web-account-name = Name
web-account-password = Password

web-failed-refused = This can't be done as it is
web-failed-outside = It did not work out
web-failed-missing = Not found
web-failed-missing-help = There is nothing at this address (any more). Choose a room above to go on.
web-failed-forbidden = You may not do this
web-failed-forbidden-help = This takes the role ‘{ $role }’. Nothing was changed. Ask whoever manages the workbench for it.
web-failed-stale = This page is out of date
web-failed-stale-help = Nothing was changed. Go back, load the page again and try once more.
web-failed-sign-in = You are not signed in (any more)
web-failed-too-many = Too many attempts
web-failed-too-many-help = Wait { $seconds } seconds and try again.
web-failed-too-large = This file is too large
web-failed-too-large-help = Nothing was kept. A file may be no larger than 100 MB here, a form no larger than 4 MB.
web-failed-malformed = This request can't be read
web-failed-malformed-help = Nothing was changed. Go back, load the page again and try once more.
