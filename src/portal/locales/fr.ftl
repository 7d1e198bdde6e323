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
problem-directory-unavailable = Certains mots de passe ne peuvent pas être vérifiés en ce moment. Réessayez dans quelques minutes.
problem-both-needed = Deux mots de passe sont nécessaires en ce moment. Saisissez les deux.
problem-cookies-blocked = Votre navigateur ne conserve pas les cookies de ce site : votre saisie a été perdue. Autorisez-les, puis connectez-vous à nouveau.
problem-question-over = La demande à votre téléphone est terminée ; la passerelle a peut-être redémarré. Veuillez recommencer cette étape.
problem-slow-down = Trop d’essais infructueux. Attendez { $wait } avant de réessayer.
why-primary-factor-missing = { $app } demande qui vous êtes.
why-primary-factor-method = { $app } vous demande de vous connecter avec votre mot de passe.
why-primary-factor-unprotected = { $app } garde son formulaire de connexion fermé : ouvrez-le depuis votre téléphone, puis saisissez votre mot de passe.
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
field-directory-password = Mot de passe Windows
password-both = Pour le moment, il faut les deux : votre mot de passe pour ce site et celui de Windows. Tous deux doivent être justes.
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
transaction-number-type-what = Ouvrez la page d’approbation sur votre téléphone, comparez et saisissez ce nombre.
transaction-number-scan-what = Lisez ce code avec l’appareil photo de votre téléphone, comparez ce qui s’affiche et approuvez.
transaction-others-what = En attente des personnes qui doivent approuver. Vous pouvez laisser cette page ouverte ou y revenir.
transaction-quiet-what = Aucun téléphone ne sonne pour l’instant : trop de demandes précédentes sont restées sans accord. Retirez-la et réessayez plus tard.
transaction-quiet-others-what = Trop peu de personnes pouvant approuver sont sollicitées pour l’instant : trop de demandes précédentes sont restées sans accord. Réessayez plus tard.
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

## Par téléphone
push-ask-what = Votre téléphone sera sollicité. Aucun mot de passe n’est nécessaire.
push-ask-submit = Solliciter mon téléphone
push-use-password = Utiliser plutôt un mot de passe
push-use-phone = Utiliser plutôt mon téléphone
push-use-other = Utiliser un autre moyen
push-waiting-title = Répondez sur votre téléphone
push-waiting-what = Ouvrez la page d’approbation sur votre téléphone et approuvez cette connexion.
push-number-what = Ouvrez la page d’approbation sur votre téléphone et choisissez-y ce nombre.
push-number-type-what = Ouvrez la page d’approbation sur votre téléphone et saisissez-y ce nombre.
push-number-scan-what = Lisez ce code avec l’appareil photo de votre téléphone, puis approuvez-y la demande.
push-number-instead = Si le téléphone ne peut pas le lire, ouvrez-y la page d’approbation et saisissez ce nombre :
push-number-code = Code QR pour votre téléphone ; le nombre au-dessous fait de même
push-number-label = Votre nombre :{" "}
push-browser-title = Enregistrer ce navigateur par téléphone
push-browser-what = Votre téléphone vous demandera le nombre affiché sur cette page. Ce navigateur sera alors enregistré pour vous.
push-phone-title = Approuvez sur votre téléphone
push-phone-what = Cette étape est franchie en l’approuvant sur votre téléphone.
push-phone-submit = Solliciter mon téléphone
push-left = { $count } s restantes
push-left-minutes = { $count } min restantes
push-no-number = Pas de nombre, et rien sur votre téléphone ? Aucun téléphone n’est alors enregistré pour ce nom : un administrateur peut vous envoyer un lien pour en enregistrer un.
push-cancel = Ne plus attendre
push-again = Demander à nouveau
push-denied-title = Refusé
push-denied-what = La connexion a été refusée sur le téléphone.
push-expired-title = Pas de réponse
push-expired-what = Personne n’a répondu à temps sur le téléphone.
push-cancelled-title = Arrêté
push-cancelled-what = Le téléphone n’est plus sollicité.
push-superseded-title = Demandé à nouveau ailleurs
push-superseded-what = Une autre fenêtre de ce navigateur a sollicité le téléphone depuis. Seule la dernière demande compte.

## Les téléphones du compte
account-approvers = Téléphones
approvers-what = Ces téléphones approuvent vos connexions et ouvrent votre formulaire de connexion.
approvers-none = Aucun téléphone n’est enregistré.
approvers-agent = Navigateur
approvers-remove = Supprimer
approvers-add = Ajouter un téléphone
approvers-full = { $count } téléphones sont enregistrés, c’est la limite. Supprimez-en un pour en ajouter un autre.
approvers-administrators-add = Ici, les téléphones sont ajoutés par un administrateur : demandez-lui un lien.
approvers-suspended = Vos approbations sont suspendues. Adressez-vous à un administrateur.
approvers-locked = Vos approbations sont bloquées après de mauvaises réponses. Adressez-vous à un administrateur.
notice-approver-removed = Le téléphone est supprimé.
approver-add-title = Ajouter un téléphone
approver-add-scan = Scannez ceci avec le téléphone qui approuvera pour vous.
approver-add-here = Ou ouvrez cette adresse sur ce téléphone. Le premier qui l’ouvre est enregistré : ne la montrez à personne.
approver-add-until = Utilisable une seule fois, jusqu’au
approver-add-approve = Approuvez ceci sur un téléphone déjà enregistré.
approver-add-over = Cela n’a pas été approuvé.
approver-qr-label = Code QR de l’adresse ci-dessous
excluded-title = L’un ou l’autre
excluded-what = Ici, un téléphone et une application d’authentification s’excluent, et vous avez déjà l’autre.
excluded-do = Supprimez-la d’abord, ou adressez-vous à un administrateur.
not-allowed-title = Les administrateurs s’en chargent ici
not-allowed-what = Seuls les administrateurs ajoutent ou suppriment des téléphones.
not-allowed-do = Adressez-vous à un administrateur.
too-many-title = Plus de place pour un téléphone
too-many-what = Le nombre maximal de téléphones est atteint.
too-many-do = Supprimez-en un d’abord.

## Le téléphone lui-même
approver-title = Approbations
approver-needs-script = Cette page garde une clé qui répond pour vous ; elle a besoin de JavaScript.
approver-register-title = Enregistrer ce téléphone
approver-register-what = Il approuvera les connexions de la personne à qui le lien a été remis. Sa clé ne quitte pas cet appareil.
approver-name = Nom
approver-register = Enregistrer
approver-empty = Ce téléphone n’approuve encore pour personne.
approver-empty-how = Sur votre ordinateur, ouvrez votre compte, puis Téléphones, et scannez le code affiché. Ou ouvrez le lien remis par un administrateur.
approver-slots = Pour qui répondre
approver-quiet = Aucune demande pour le moment.
approver-more = Réglages de ce téléphone
approver-auto = Ouvrir le formulaire de connexion à l’ouverture de cette page
approver-auto-what = Pour un court instant et un seul mot de passe. Sinon, vous l’ouvrez par son bouton.
approver-rename = Renommer
approver-remove = Retirer de ce téléphone
approver-remove-sure = Appuyez encore pour retirer {"{}"}
approver-remove-what = Effacer les données du navigateur ne le retire pas : il compterait encore.
approver-as = Utilisateur
approver-app = Vers
approver-browser = Navigateur
approver-address = Depuis
approver-asked = Demandé
approver-choose = Quel nombre le navigateur affiche-t-il ?
approver-type = Le nombre affiché par le navigateur
approver-type-instead = Ou saisissez le nombre sous le code
approver-digits = Saisissez les {"{}"} chiffres.
approver-scan = Lisez le code de l’autre écran avec l’appareil photo de ce téléphone.
approver-scan-here = Utiliser l’appareil photo ici
approver-scan-read = Le code est lu. Est-ce bien ce que vous voulez approuver ?
approver-scan-other = C’est un autre code.
approver-approve = Approuver
approver-deny = Refuser
approver-not-me = Ce n’était pas moi
approver-what-sign-in = Se connecter ?
approver-what-second = Terminer la connexion ?
approver-what-browser = Enregistrer ce navigateur ?
approver-what-approver = Ajouter un autre téléphone ?
approver-portal = Le portail
approver-left = {"{}"} s restantes
approver-left-minutes = {"{}"} min restantes
approver-approved = Approuvé.
approver-denied = Refusé.
approver-wrong-number = Ce n’était pas le bon nombre : refusé.
approver-number-missing = Cette page est trop ancienne pour ce qui est demandé. Rechargez-la, puis répondez.
approver-scan-unknown = Ce code ne correspond à rien de ce qui est demandé maintenant à ce téléphone. Si la page d’approbation est installée, ouvrez-la et saisissez le nombre sous le code.
approver-no-camera = L’appareil photo ne peut pas être utilisé ici. Saisissez le nombre.
approver-told-not-me = Refusé. Les administrateurs sont prévenus, et rien n’est plus demandé de là pendant un jour. Changez votre mot de passe.
approver-registered = Ce téléphone est enregistré.
approver-renamed = Le nom est changé.
approver-removed = C’est supprimé.
approver-open = Formulaire de connexion ouvert : {"{}"} s, un mot de passe
approver-shut = Formulaire de connexion fermé
approver-refused = Tentatives refusées depuis la dernière fois : {"{}"}
approver-release = Ouvrir le formulaire de connexion
approver-release-again = L’ouvrir à nouveau
approver-dead-link = Ce lien a déjà servi, a expiré ou n’a jamais existé. Demandez-en un autre.
approver-excluded = Une application d’authentification est enregistrée, et ici les deux s’excluent. Supprimez-la d’abord, puis utilisez à nouveau le lien.
approver-limit = Le nombre maximal de téléphones est atteint. Supprimez-en un d’abord, puis utilisez à nouveau le lien.
approver-closed = Une réponse a été donnée sur un autre téléphone, ou la demande a été retirée.
approver-expired = Le délai est écoulé.
approver-suspended = Les approbations sont suspendues ou bloquées. Adressez-vous à un administrateur.
approver-not-registered = Ce téléphone n’est plus enregistré pour cet utilisateur.
approver-not-allowed = Ici, seuls les administrateurs suppriment des téléphones.
approver-offline = La passerelle est injoignable. Nouvel essai…
approver-fault = Cela n’a pas fonctionné.
approver-notify = M’avertir quand cette page est fermée
approver-notify-what = Tant qu’elle est ouverte, elle est toujours avertie aussitôt.
approver-notified = Ce téléphone sera averti.
approver-no-push = Ce navigateur ne peut pas être averti. Gardez la page ouverte, ou ouvrez-la quand vous vous connectez.

## Le cadre et le compte
month =
    .january = janvier
    .february = février
    .march = mars
    .april = avril
    .may = mai
    .june = juin
    .july = juillet
    .august = août
    .september = septembre
    .october = octobre
    .november = novembre
    .december = décembre
moment = { $day } { $month } { $year }, { $time } { $zone }
ago-now = à l’instant
ago-minutes = { $count ->
    [one] il y a { $count } minute
   *[other] il y a { $count } minutes
}
ago-hours = { $count ->
    [one] il y a { $count } heure
   *[other] il y a { $count } heures
}
ago-days = { $count ->
    [one] il y a { $count } jour
   *[other] il y a { $count } jours
}
frame-administration = Administration
back = Retour
account-nav = Compte
account-overview = Aperçu
account-sessions = Sessions
account-browsers = Navigateurs enregistrés
account-password = Mot de passe
account-authenticator = Authentificateur
account-recovery = Codes de secours
sessions-last-seen = Dernière utilisation
browsers-since = Enregistré
