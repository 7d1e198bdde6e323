### Français : ce qui manque encore est affiché en anglais.

frame-skip = Aller au contenu
frame-nav = Menu principal
frame-apps = Applications
frame-sign-out = Se déconnecter
frame-language = Langue
lasting-seconds = { $count ->
    [one] { $count } seconde
   *[other] { $count } secondes
}
lasting-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
lasting-hours = { $count ->
    [one] { $count } heure
   *[other] { $count } heures
}
barrier-label = Les six contrôles
barrier-here = Contrôle { $number } sur 6
check-ip-restriction = Réseau
check-client-certificate = Certificat
check-desktop-sso = Poste de travail
check-primary-factor = Identité
check-cookie = Navigateur enregistré
check-otp = Mot de passe à usage unique
mark-done = {" "}: réussi
mark-now = {" "}: vous êtes ici
mark-not-needed = {" "}: pas nécessaire ici
mark-to-come = {" "}: à venir
mark-stopped = {" "}: non réussi
step-to = Vers
step-as = Connexion en tant que
step-holds-post = Ce que vous avez envoyé est conservé et sera transmis dès que vous serez connecté.
problem-label = Problème :{" "}
problem-wrong-credentials = Ce nom d’utilisateur et ce mot de passe ne correspondent pas. Vérifiez-les et réessayez.
problem-wrong-code = Ce code n’est pas valable en ce moment. Attendez le suivant et saisissez-le.
problem-wrong-recovery-code = Ce n’est pas l’un de vos codes de secours inutilisés. Chacun ne sert qu’une fois.
problem-incomplete = Il manque quelque chose. Saisissez le code en entier.
problem-busy = Beaucoup de personnes se connectent en ce moment. Votre saisie n’est pas en cause : réessayez dans quelques secondes.
problem-cookies-blocked = Votre navigateur ne conserve pas les cookies de ce site : votre saisie a été perdue. Autorisez-les, puis connectez-vous à nouveau.
problem-slow-down = Trop d’essais infructueux. Attendez { $wait } avant de réessayer.
why-primary-factor-missing = { $app } demande qui vous êtes.
why-primary-factor-method = { $app } vous demande de vous connecter avec votre mot de passe.
why-primary-factor-too-old = { $app } vous demande de confirmer votre identité : votre connexion date d’un certain temps.
why-browser-not-registered = { $app } n’admet que les navigateurs enregistrés, et celui-ci ne l’est pas encore.
why-browser-registered-otherwise = { $app } demande que ce navigateur soit enregistré d’une autre manière.
why-otp-missing = { $app } demande un mot de passe à usage unique.
why-otp-method = { $app } demande un autre type de mot de passe à usage unique.
why-otp-too-old = { $app } demande un nouveau mot de passe à usage unique : le dernier date d’un certain temps.
why-desktop-sso-missing = { $app } demande la connexion de votre poste de travail.
approver-what-transaction = Approuver ceci ?
approver-requester = Demandé par
approver-hold = Maintenir pour approuver
approver-hold-how = Maintenez le bouton appuyé environ une seconde.
approver-hold-again = Appuyez encore une fois pour approuver.
approver-shown-otherwise = Ce qui est demandé n’est pas ce qui était affiché ici : rien n’est approuvé.
password-title = Connexion
field-user = Nom d’utilisateur
field-password = Mot de passe
password-submit = Continuer
password-someone-else = Ce n’est pas vous ?
otp-title-totp = Mot de passe à usage unique
otp-title-recovery = Code de secours
otp-field-totp = Six chiffres
otp-hint-totp = Ouvrez votre application d’authentification et saisissez le code affiché pour ce compte.
otp-field-recovery = L’un de vos codes de secours
otp-hint-recovery = Dans la liste que vous avez imprimée ou enregistrée. Chaque code ne sert qu’une fois.
otp-submit = Continuer
otp-use-totp = Utiliser plutôt l’application d’authentification
otp-use-recovery = Pas d’authentificateur sous la main ? Utilisez un code de secours
try-again = Réessayer
sign-out-title = Se déconnecter
sign-out-here = Se déconnecter
signed-out-title = Vous êtes déconnecté
signed-out-again = Se reconnecter

transaction-at = Sur { $app }
transaction-title = { $what } : à approuver
transaction-not-said = non indiqué
transaction-password-what = Saisissez votre mot de passe de transaction. Votre téléphone n’est sollicité qu’ensuite.
field-transaction-password = Mot de passe de transaction
transaction-code-what = Saisissez le code de votre application d’authentification pour approuver exactement ce qui précède.
transaction-go-on = Continuer
transaction-approve = Approuver
transaction-waiting-what = Ouvrez la page d’approbation sur votre téléphone, comparez et approuvez.
transaction-number-what = Ouvrez la page d’approbation sur votre téléphone, comparez et choisissez ce nombre.
transaction-others-what = En attente des personnes qui doivent approuver. Vous pouvez laisser cette page ouverte ou y revenir.
transaction-yes = { $count } approbation(s).
transaction-needed = { $count } sont nécessaires.
transaction-cancel = Retirer
transaction-back = Retour à { $app }
transaction-wrong-password = Ce n’est pas votre mot de passe de transaction.
transaction-forwarded-title = Fait
transaction-forwarded-what = Approuvé et transmis à { $app }, une seule fois.
transaction-forwarding-title = En cours d’envoi
transaction-forwarding-what = Approuvé et en cours d’envoi à { $app }. Vérifiez là-bas avant de recommencer.
transaction-denied-title = Refusé
transaction-denied-what = Refusé sur un téléphone. { $app } n’a rien reçu.
transaction-cancelled-title = Retiré
transaction-cancelled-what = La demande a été retirée. { $app } n’a rien reçu.
transaction-expired-title = Pas approuvé à temps
transaction-expired-what = Personne n’a approuvé à temps. { $app } n’a rien reçu.
transaction-refused-title = Pas transmis
transaction-refused-what = Approuvé, mais au moment de transmettre, votre connexion ou une approbation n’était plus valable. { $app } n’a rien reçu.
transaction-not-sent-title = Pas transmis
transaction-not-sent-what = Approuvé, mais { $app } était injoignable. Rien n’a été exécuté.
transaction-unknown-title = Peut-être exécuté
transaction-unknown-what = Transmis à { $app }, mais aucune réponse complète n’est revenue. Vérifiez là-bas avant de recommencer.
