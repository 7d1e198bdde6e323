## The six checks
barrier-label = Les étapes de cette connexion
barrier-here = Étape { $number } sur { $count }
check-ip-restriction = Réseau
    .asks = Ne s’ouvre que depuis certains réseaux
check-client-certificate = Certificat
    .asks = Demande un certificat client
check-desktop-sso = Poste de travail
    .asks = Demande un poste de votre organisation
check-primary-factor = Identité
    .asks = Vous demande de vous reconnecter
check-cookie = Navigateur enregistré
    .asks = Demande un navigateur enregistré
check-otp = Mot de passe à usage unique
    .asks = Demande un mot de passe à usage unique
mark-done = { " " }: validé
mark-now = { " " }: vous êtes ici
mark-to-come = { " " }: à venir
mark-stopped = { " " }: non validé

## Every step
step-to = Vers
step-as = Connexion en tant que
step-holds-post = Ce que vous avez envoyé est conservé et sera transmis dès la fin de la connexion.
step-opened-by-phone = Ouvrez d’abord ce formulaire de connexion depuis votre téléphone, puis saisissez votre mot de passe. Tant qu’il n’est pas ouvert, même le bon mot de passe est déclaré incorrect.
    .some = Certains utilisateurs doivent d’abord ouvrir ce formulaire de connexion depuis leur téléphone. Si c’est votre cas, même le bon mot de passe est déclaré incorrect tant qu’il n’est pas ouvert.
problem-label = Problème :{ " " }
problem-wrong-credentials = Le nom d’utilisateur ou le mot de passe est incorrect. Vérifiez les deux et réessayez.
problem-certificate-of = Ce certificat est celui de { $user }. Connectez-vous en tant que { $user }, ou fermez toutes les fenêtres du navigateur et choisissez un autre certificat.
problem-ticket-of = Une session est ouverte sur ce poste au nom de { $user }. Connectez-vous en tant que { $user }, ou utilisez votre propre poste.
problem-ticket-used = Ce que votre poste a envoyé a déjà servi, par exemple parce que la connexion a été interrompue. Réessayez.
problem-ticket-clock = L’horloge de votre poste et celle de la passerelle diffèrent de plus de cinq minutes. Mettez votre poste à l’heure, puis réessayez.
problem-ticket-old = La connexion de votre poste au réseau a expiré. Verrouillez puis déverrouillez le poste (sous Linux : kinit), puis réessayez.
problem-ticket-connection = L’authentification de votre poste appartient à une autre connexion réseau que celle-ci. Soit un équipement lit les échanges entre votre navigateur et ce site, soit votre navigateur ne sait pas lier l’authentification à la connexion.
problem-ticket-account = Le compte de votre poste, { $account }, ne correspond à aucun utilisateur ici.
problem-ticket-no-account = Le compte de votre poste ne correspond à aucun utilisateur ici.
problem-ticket-another = Une session est ouverte sur votre poste au nom de { $account }, qui n’est pas l’utilisateur qui se connecte ici.
problem-ticket-gateway = L’authentification des postes de travail ne fonctionne pas en ce moment. Votre poste n’est pas en cause ; prévenez votre administrateur.
problem-wrong-code = Ce code est incorrect ou n’est plus valable. Attendez le suivant et saisissez-le.
problem-wrong-recovery-code = Ce n’est pas l’un de vos codes de secours inutilisés. Chacun ne sert qu’une fois.
problem-incomplete = Il manque quelque chose. Saisissez le code en entier.
problem-busy = Beaucoup de personnes se connectent en ce moment. Votre saisie n’est pas en cause : réessayez dans quelques secondes.
problem-directory-unavailable = Certains mots de passe ne peuvent pas être vérifiés en ce moment. Réessayez dans quelques minutes.
problem-directory-down = Les mots de passe de { $domain } ne peuvent pas être vérifiés en ce moment. Réessayez dans quelques minutes ou connectez-vous autrement.
problem-must-change-there = Votre mot de passe est correct, mais il doit être changé avant que vous puissiez vous connecter. Changez-le sur un ordinateur de votre organisation, ou adressez-vous à vos administrateurs.
problem-both-needed = Deux mots de passe sont nécessaires en ce moment. Saisissez les deux.
problem-cookies-blocked = Votre navigateur ne conserve pas les cookies de ce site : votre saisie a été perdue. Autorisez-les, puis connectez-vous à nouveau.
problem-unknown-mail = Aucun fournisseur d’identité de ce site ne reconnaît cette adresse e-mail. Vérifiez-la ou connectez-vous autrement.
problem-question-over = La demande envoyée à votre téléphone a pris fin ; la passerelle a peut-être redémarré. Recommencez cette étape.
problem-slow-down = Trop de tentatives infructueuses. Attendez { $wait } avant de réessayer.
why-primary-factor-missing = { $app } vous demande de vous identifier.
why-primary-factor-method = { $app } vous demande de vous connecter d’une autre manière.
why-primary-factor-unprotected = Le formulaire de connexion de { $app } est fermé : ouvrez-le depuis votre téléphone, puis saisissez votre mot de passe.
why-primary-factor-too-old = { $app } vous demande de confirmer votre identité : votre connexion n’est plus assez récente.
why-browser-not-registered = { $app } n’admet que les navigateurs enregistrés, et celui-ci n’est pas encore enregistré pour vous.
why-browser-registered-otherwise = { $app } demande que ce navigateur soit enregistré d’une autre manière.
why-browser-not-bound = { $app } n’accepte que les navigateurs qui gardent une clé qui leur est propre, et celui-ci n’en a présenté aucune. Chrome 146 ou plus récent sous Windows en garde une : ouvrez-y la page, ou enregistrez à nouveau ce navigateur.
why-otp-missing = { $app } demande un mot de passe à usage unique.
why-otp-method = { $app } demande un autre type de mot de passe à usage unique.
why-otp-too-old = { $app } demande un nouveau mot de passe à usage unique : le dernier n’est plus assez récent.
why-desktop-sso-missing = { $app } demande l’authentification de votre poste de travail.

## User name and password
password-title = Connexion
field-user = Nom d’utilisateur
field-domain = Domaine
domain-local = Ce site
field-password = Mot de passe
field-directory-password = Mot de passe Windows
password-both = Pour le moment, il faut deux mots de passe : celui de ce site et celui que vous utilisez pour Windows. Les deux doivent être corrects.
password-submit = Continuer
password-someone-else = Ce n’est pas vous ?

## A password of a directory that must be changed
must-change-title = Choisissez un nouveau mot de passe
must-change-what = Votre mot de passe de { $domain } doit être changé avant que vous puissiez vous connecter. Le nouveau sera valable partout où vous l’utilisez.
must-change-done = Votre mot de passe a été changé
must-change-done-what = Utilisez désormais le nouveau mot de passe, ici comme ailleurs.
must-change-sign-in = Se connecter avec le nouveau mot de passe
directory-password-hint = L’annuaire a ses propres règles de longueur et de caractères.
password-problem-not-taken = Le nouveau mot de passe ne respecte pas les règles de l’annuaire. Choisissez-en un plus long, ou un que vous n’avez pas encore utilisé.

## One-time password
otp-title-totp = Mot de passe à usage unique
otp-title-recovery = Code de secours
otp-field-totp = Six chiffres
otp-hint-totp = Ouvrez votre application d’authentification et saisissez le code affiché pour ce compte.
otp-field-recovery = L’un de vos codes de secours
otp-hint-recovery = Dans la liste que vous avez imprimée ou enregistrée. Chaque code ne sert qu’une fois.
otp-submit = Continuer
otp-use-totp = Utiliser plutôt l’application d’authentification
otp-use-recovery = Pas d’application d’authentification sous la main ? Utilisez un code de secours

## Registering this browser
browser-title = Enregistrer ce navigateur
browser-how = { $days ->
    [one] Confirmez avec un mot de passe à usage unique. Ce navigateur reste ensuite enregistré pendant { $days } jour.
   *[other] Confirmez avec un mot de passe à usage unique. Ce navigateur reste ensuite enregistré pendant { $days } jours.
}
browser-passes-otp = Le même code vaut aussi pour le contrôle suivant.
browser-field-name = Nom de ce navigateur
browser-hint-name = Pour que vous le reconnaissiez dans votre liste.
browser-submit = Enregistrer et continuer
browser-shared-computer = N’enregistrez pas un ordinateur que d’autres personnes utilisent aussi.

## Passkeys
passkey-label = Clé d’accès
passkey-title = Utilisez votre clé d’accès
passkey-how = Confirmez avec l’empreinte, le visage ou le code PIN de votre appareil ou de votre clé de sécurité.
passkey-how-sign-in = Votre clé d’accès suffit à vous identifier : vous ne saisissez ni nom d’utilisateur ni mot de passe.
passkey-how-browser = Confirmez avec votre clé d’accès. Ce navigateur reste ensuite enregistré pour vous.
passkey-use = Se connecter avec une clé d’accès
passkey-register-browser = Enregistrer avec une clé d’accès et continuer
passkey-use-instead = Utiliser plutôt une clé d’accès
passkey-needs-script = Les clés d’accès ont besoin de JavaScript, qui est désactivé dans ce navigateur. Activez-le pour ce site ou utilisez un autre moyen.
passkey-no-script = Si aucun bouton n’apparaît ici, le script de cette page n’a pas été chargé. Rechargez la page ou connectez-vous autrement.
passkey-not-given = Aucune clé d’accès n’a été utilisée : l’opération a été annulée, elle a duré trop longtemps, ou cet appareil n’a pas de clé d’accès pour ce site.
passkey-insecure = Le navigateur a refusé d’utiliser une clé d’accès ici. Deux causes sont possibles : votre navigateur ne fait pas confiance au certificat de ce site, ou le site est ouvert sous un autre nom que celui pour lequel la clé a été créée. Prévenez votre administrateur.
passkey-registered-already = Cet appareil est déjà enregistré.
passkey-not-supported = Cet appareil ne peut pas utiliser le type de clé d’accès demandé ici.
passkey-browser-too-old = Ce navigateur ne peut pas utiliser de clés d’accès. Utilisez un navigateur plus récent ou un autre moyen.
passkey-begin-again = Cette page est ouverte depuis trop longtemps. Rechargez-la, puis réessayez.
passkey-slow-down = Trop de personnes utilisent des clés d’accès depuis votre réseau en ce moment. Réessayez dans une minute.
passkey-failed = La clé d’accès n’a pas pu être utilisée. Réessayez.
problem-passkey-refused = Cette clé d’accès n’a pas été acceptée. Elle a peut-être été supprimée de votre compte, ou votre compte ne peut pas se connecter ici avec une clé d’accès.
problem-passkey-not-verified = Votre appareil n’a pas vérifié que c’est bien vous. Configurez-y un code PIN, une empreinte ou un visage, puis réessayez.
problem-passkey-over = Cela a duré trop longtemps, ou la page a servi deux fois. Réessayez.
no-passkey-title = Il vous faut d’abord une clé d’accès
no-passkey-what = Cette page demande aussi une clé d’accès, et { $user } n’en a pas encore.
no-passkey-ask = Demandez un lien à usage unique à votre administrateur. Il vous permet de créer une clé d’accès sur votre appareil, puis de vous connecter ici.

## No second factor yet
no-authenticator-title = Il vous faut d’abord une application d’authentification
no-authenticator-what = Votre mot de passe est correct. Cette page demande aussi un mot de passe à usage unique, et aucune application d’authentification n’est encore configurée pour { $user }.
no-authenticator-enrol-link = Configurer une application d’authentification
no-authenticator-ask = Demandez un lien à usage unique à votre administrateur. Il vous permet de configurer une application d’authentification sur votre téléphone, puis de vous connecter ici.
no-phone-title = Il vous faut d’abord un téléphone enregistré
no-phone-what = Cette page demande aussi une approbation sur le téléphone, et aucun téléphone n’est encore enregistré pour { $user }.
no-phone-ask = Demandez un lien à usage unique à votre administrateur. Ouvrez-le sur votre téléphone pour l’enregistrer ; vous pourrez ensuite vous connecter ici.
no-second-title = Il vous faut d’abord un second facteur
no-second-what = Cette page demande aussi un second facteur : un code d’une application d’authentification ou une approbation sur le téléphone. Ni l’un ni l’autre n’est encore configuré pour { $user }.
no-second-ask = Demandez un lien à usage unique à votre administrateur. Il vous permet de configurer une application d’authentification ou d’enregistrer votre téléphone, puis de vous connecter ici.
phone-rests-title = Votre téléphone ne peut pas approuver pour le moment
phone-rests-what = Cette page demande aussi une approbation sur le téléphone. Les approbations de { $user } sont suspendues ou verrouillées.
phone-rests-ask = Demandez à votre administrateur de les rétablir ou de les déverrouiller.
no-second-never-alone = Le mot de passe seul ne suffit pas pour cette configuration : toute personne qui le connaîtrait pourrait aussi la faire.
no-second-administrator = Pour les administrateurs : le lien se crée sur la page de cet utilisateur, ou avec { $command }.
phone-rests-administrator = Pour les administrateurs : cela se fait sur la page de cet utilisateur, ou avec { $command }.
what-to-do = Que faire

## Slow down
slow-down-title = Veuillez patienter
slow-down-wait = Vous pourrez réessayer dans { $wait }.
slow-down-why = Trop de connexions ont échoué depuis votre réseau. D’ici là, aucune connexion n’est acceptée, même avec le bon mot de passe.
slow-down-do = Si ce n’était pas vous, prévenez votre administrateur.
slow-down-returns-why = Trop de connexions de votre réseau avec un compte d’entreprise n’ont pas abouti. Vous n’y êtes sans doute pour rien : le service de connexion de l’entreprise est peut-être en panne. Les autres moyens de se connecter fonctionnent toujours.
slow-down-returns-do = Vous n’avez rien à faire. Attendez et réessayez ; si cela continue, prévenez votre administrateur.
try-again = Réessayer

## Expired
expired-title = Cette connexion n’est plus en cours
expired-what = Elle a pris trop de temps, ou elle a abouti dans un autre onglet. Rien n’est perdu : il suffit de recommencer.
go-to-app = Ouvrir { $app }
go-to-launcher = Voir vos applications

## What was posted was not kept
not-kept-title = Ce que vous avez envoyé n’est pas arrivé
not-kept-too-large = { $app } demande une connexion, et ce que vous avez envoyé était trop volumineux pour être conservé entre-temps. { $app } n’a rien reçu.
not-kept-foreign = { $app } demande une connexion, et ce que vous avez envoyé venait d’une page d’un autre site. De telles données ne sont pas conservées. { $app } n’a rien reçu.
not-kept-expired = { $app } demandait une connexion, et ce que vous avez envoyé n’a pas pu être conservé aussi longtemps. { $app } n’a rien reçu.
not-kept-full = { $app } demande une connexion, et ce que vous avez envoyé n’a pas pu être conservé, car trop de données sont conservées en ce moment. { $app } n’a rien reçu.
not-kept-unsaid = { $app } demande une connexion, et ce que vous avez envoyé n’a pas pu être conservé entre-temps. { $app } n’a rien reçu.
not-kept-sign-in = Connectez-vous, puis renvoyez vos données à { $app }. S’il s’agissait d’un formulaire, le bouton Précédent de votre navigateur peut vous rendre ce que vous aviez saisi.
not-kept-do = Votre session est maintenant ouverte. Retournez à { $app } et renvoyez vos données.

## Identity providers
idp-choice = Avec le compte de votre entreprise
idp-use = Se connecter avec { $provider }
idp-down = { $provider } ne répond pas en ce moment. La connexion peut échouer ; votre compte n’est pas en cause.
idp-mail = Adresse e-mail professionnelle
idp-mail-submit = Continuer
idp-again = Réessayer
idp-other = Se connecter autrement
idp-called = Votre nom chez ce fournisseur :
idp-unavailable = { $provider } ne répond pas
    .what = { $provider } est injoignable pour le moment ; personne ne peut s’y connecter.
    .do = Votre compte n’est pas en cause. Réessayez dans quelques minutes ou connectez-vous autrement.
idp-denied = La connexion chez { $provider } n’a pas abouti
    .what = { $provider } vous a renvoyé ici sans connexion : l’opération a été annulée, ou votre compte n’y est pas autorisé pour ce site.
    .do = Réessayez. Si cela se reproduit, demandez aux responsables de { $provider } si votre compte peut utiliser ce site.
idp-set-up = Problème de configuration avec { $provider }
    .what = Les configurations de ce site et de { $provider } ne concordent pas. Vous n’y êtes pour rien.
    .do = Prévenez votre administrateur, avec le code et le numéro de requête ci-dessous.
idp-not-believed = La réponse de { $provider } n’a pas été acceptée
    .what = La réponse de { $provider } n’a pas pu être vérifiée. Par sécurité, aucune connexion n’a été faite.
    .do = Réessayez une fois. Si cela se reproduit, prévenez votre administrateur, avec le code et le numéro de requête ci-dessous.
idp-not-enough = Vérification insuffisante chez { $provider }
    .what = La connexion chez { $provider } a réussi, mais avec un niveau de sécurité inférieur à celui que ce site demande, par exemple sans second facteur.
    .do = Configurez un second facteur chez { $provider } ou choisissez-y une méthode plus forte, puis réessayez.
idp-not-fresh = { $provider } ne vous a pas redemandé de vous connecter
    .what = Cette étape exige une nouvelle connexion, et { $provider } n’en confirme aucune.
    .do = Déconnectez-vous de { $provider } et réessayez. Si cela ne suffit pas, connectez-vous autrement ou prévenez votre administrateur.
idp-no-account = Vous n’avez pas de compte ici
    .what = La connexion chez { $provider } a réussi, mais aucun compte de ce site n’y correspond.
    .do = Demandez un compte à votre administrateur. Si ce n’était pas le bon compte, déconnectez-vous de { $provider } et réessayez.
idp-no-name = Votre compte ne peut pas être créé
    .what = La connexion chez { $provider } a réussi, mais un compte portant le nom reçu ne peut pas être créé ici : ce nom est déjà pris ou n’est pas utilisable.
    .do = Demandez à votre administrateur d’associer votre compte.
idp-not-assigned = Votre compte utilise une autre méthode de connexion
    .what = La connexion chez { $provider } a réussi, mais votre compte ici n’utilise pas de compte d’entreprise.
    .do = Connectez-vous autrement ou demandez à votre administrateur de vous attribuer cette méthode.
idp-other-person = C’est un autre compte
    .what = Vous avez confirmé avec un compte de { $provider } qui n’est pas celui de l’utilisateur connecté ici.
    .do = Choisissez le bon compte chez { $provider } ou déconnectez-vous d’abord ici.
idp-taken = Ce compte appartient ici à quelqu’un d’autre
    .what = Le compte de { $provider } que vous avez utilisé est déjà associé à un autre utilisateur de ce site. Rien n’a été modifié.
    .do = Connectez-vous chez { $provider } avec votre propre compte ou demandez à votre administrateur de dissocier ce compte de l’autre utilisateur.
idp-refused = Votre compte n’est pas utilisable ici
    .what = La connexion chez { $provider } a réussi, mais votre compte n’est pas utilisable d’ici pour le moment.
    .do = Prévenez votre administrateur, avec le code et le numéro de requête ci-dessous.
idp-another-browser = Cette connexion a commencé ailleurs
    .what = Vous revenez de { $provider } dans un autre navigateur ou une autre fenêtre qu’au début, ou votre navigateur ne garde pas de cookies pour ce site.
    .do = Autorisez les cookies pour ce site et recommencez dans ce navigateur.
idp-over = Cette connexion n’est plus en cours
    .what = Cela a pris trop de temps chez { $provider }, ou aucune connexion commencée ici n’y correspond.
    .do = Recommencez.
idp-unsolicited = Cette connexion a commencé chez { $provider }
    .what = { $provider } vous a envoyé ici après une connexion que ce site n’avait pas demandée. Pour votre sécurité, il n’accepte que celles qu’il a demandées.
    .do = Commencez ici : le plus souvent, { $provider } ne vous redemandera rien.

## Workplace computer
ticket-title = Poste de travail
ticket-none = Un poste connecté au réseau de votre organisation s’identifie de lui-même. Le vôtre ne l’a pas fait.
ticket-do-unlock = Verrouillez puis déverrouillez le poste, ou ouvrez-y de nouveau une session avec votre compte professionnel (sous Linux : kinit).
ticket-do-browser = Utilisez un navigateur que votre organisation a configuré pour ce site.
ticket-elsewhere = C’est possible seulement depuis le réseau de votre organisation. Connectez-vous à ce réseau, puis rouvrez la page.
ticket-again = Réessayer

## An administrator lets this browser in
device-title = Demander l’accès pour ce navigateur
device-what = Pour votre compte, seuls les navigateurs approuvés par un administrateur sont acceptés. Faites une demande pour celui-ci ; dès qu’elle est approuvée, vous pouvez continuer.
device-hint-name = Pour que vous et votre administrateur le reconnaissiez.
device-field-note = Message à votre administrateur
device-hint-note = Par exemple le lieu ou l’usage. Vous pouvez laisser ce champ vide.
device-submit = Faire la demande
device-called = Demande pour :
device-said = Votre administrateur dit :
device-pending-title = Votre demande est en attente
device-pending-what = Un administrateur approuve ou refuse ce navigateur. Cette page continue d’elle-même dès que c’est fait.
device-pending-do = Vous pouvez fermer cette page et vous reconnecter plus tard avec le même navigateur. En cas d’urgence, contactez votre administrateur.
device-rejected-title = Ce navigateur a été refusé
device-rejected-what = Un administrateur a refusé votre demande ; ce navigateur ne peut donc pas être utilisé ici. Utilisez un autre navigateur approuvé, ou parlez-en à votre administrateur et refaites une demande.
device-revoked-title = Ce navigateur n’est plus approuvé
device-revoked-what = Il avait été approuvé, mais cette approbation a été révoquée ou a pris fin. Si vous avez encore besoin de ce navigateur, refaites une demande.
device-use-other = Enregistrer ce navigateur autrement
device-apply-instead = Demander plutôt l’approbation d’un administrateur
problem-devices-wait = Plusieurs de vos demandes sont déjà en attente. Attendez la décision d’un administrateur.
problem-device-later = Ce navigateur a été refusé il y a peu. Vous pourrez refaire une demande dans { $wait }.
