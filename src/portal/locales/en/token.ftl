### Patterns read off the table of a phone

token-title = Sign in with your pattern and your phone
token-hint = Open the slot on your phone, read the digits along your pattern off its table and type them here, with your phrase if you have one. Each table is good for one sign-in.
token-use = Use the table on your phone instead
token-table-here = Use a table on this page instead
problem-wrong-token = User name or one-time password is wrong. Wait for the next table on your phone, check your user name and read the digits again.
approver-table-what = Read your pattern off this table and type the digits on the sign-in page. Each table is good for one sign-in.
approver-table-left = Next table in {"{}"} s
approver-table-clock = The table goes by the clock: {"{}"}
    .offline = There is no connection. The table is right if it is {"{}"} now.
    .behind = The clock of this phone is {"{}"} behind. The table goes by the right time all the same.
    .ahead = The clock of this phone is {"{}"} ahead. The table goes by the right time all the same.
    .was-behind = When there was a connection last, the clock of this phone was {"{}"} behind. The table goes by that.
    .was-ahead = When there was a connection last, the clock of this phone was {"{}"} ahead. The table goes by that.
approver-table-none = This phone shows no table for this user any more. Reload the page.
