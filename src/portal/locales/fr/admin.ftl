## The administration
frame-administration = Administration
admin-yes = Oui
admin-no = Non

## Areas: the navigation, and the head of each list
admin-overview = Vue d’ensemble
admin-users = Utilisateurs
    .about = Tous les utilisateurs, leurs méthodes de connexion et le nombre de leurs téléphones. Sélectionnez des utilisateurs pour appliquer une action à plusieurs à la fois.
    .empty = Il n’y a pas encore d’utilisateurs.
admin-phones = Téléphones
    .about = Les téléphones qui approuvent, et l’utilisateur pour lequel chacun est enregistré.
    .empty = Aucun téléphone n’est encore enregistré.
admin-approvals = Approbations en attente
    .about = Les demandes en cours sur les téléphones. Cette liste s’actualise d’elle-même.
    .empty = Aucune demande en cours.
admin-transactions = Transactions
    .about = Les requêtes mises en attente jusqu’à leur approbation, et leur résultat. Les plus récentes d’abord.
    .empty = Aucune requête n’a encore été mise en attente.
    .waiting = Transactions en attente
admin-login-protect = Protection de la connexion
    .about = Un formulaire de connexion protégé n’accepte aucun mot de passe tant que son utilisateur ne l’a pas ouvert depuis son téléphone. Il reste alors ouvert un court moment (une minute, sauf indication contraire dans la configuration) et pour un seul mot de passe.
    .empty = Aucune politique ne protège encore son formulaire de connexion. Pour commencer, générez un ID de service et inscrivez-le dans une politique.
    .disabled = Désactivée partout
    .services = { $count ->
        [0] Aucun formulaire protégé
        [one] { $count } service
       *[other] { $count } services
    }
    .without-phone = { $count ->
        [0] Chaque utilisateur a un téléphone.
        [one] { $count } utilisateur n’a pas de téléphone et ne peut donc pas ouvrir un formulaire protégé.
       *[other] { $count } utilisateurs n’ont pas de téléphone et ne peuvent donc pas ouvrir un formulaire protégé.
    }
    .show-users = Afficher ces utilisateurs
admin-sessions = Sessions
    .about = Qui est connecté, depuis quelle adresse et par quels facteurs.
    .empty = Personne n’est connecté.
admin-groups = Groupes
    .about = Les groupes d’utilisateurs. Politiques, réseaux et approbations s’appliquent à des groupes ; le nom mène à la liste des utilisateurs, le nombre aux membres.
    .empty = Il n’y a pas encore de groupe.
admin-networks = Réseaux
    .about = Depuis quels réseaux une application, les membres d’un groupe ou un utilisateur peuvent se connecter. Toutes les listes applicables doivent contenir l’adresse, en plus de ce qu’indique le fichier de configuration. Une application, un groupe ou un utilisateur sans liste n’est pas restreint ici.
    .empty = Il n’y a pas encore de liste de réseaux : aucune ne restreint personne.
admin-outbox = Boîte d’envoi
    .about = Les messages aux utilisateurs : ceux qui ont été envoyés par e-mail et ceux qui attendent. Sans serveur de messagerie, affichez ici un message et remettez-le vous-même.
    .empty = Il n’y a aucun message.
admin-tokens = Jetons d’API
    .about = Les jetons avec lesquels des programmes administrent la passerelle. Un jeton n’est affiché qu’une fois, à sa création.
    .empty = Il n’y a aucun jeton d’API.
admin-devices = Appareils
    .about = Les utilisateurs dont la restriction d’appareils est activée ne se connectent qu’avec les navigateurs approuvés ici. Les demandes les plus anciennes figurent d’abord. La restriction s’active ou se désactive pour chaque utilisateur dans la liste des utilisateurs.
    .waiting = Demandes pour des navigateurs
    .empty = Personne n’a encore fait de demande pour un navigateur.
admin-browsers = Navigateurs
    .about = Les navigateurs enregistrés pour les utilisateurs.
    .empty = Aucun navigateur n’est encore enregistré.
admin-identity-providers = Fournisseurs d’identité
    .about = Où se connectent les personnes de votre organisation et d’autres organisations, et l’état de chaque fournisseur. Leur configuration se trouve dans le fichier de configuration.
    .empty = La configuration ne contient aucun fournisseur d’identité.
admin-directories = Annuaires
    .about = Les annuaires qui vérifient les mots de passe, et l’état de chacun. Leur configuration se trouve dans le fichier de configuration.
    .empty = La configuration ne contient aucun annuaire.
admin-tls = Certificats de la passerelle
    .about = Les certificats que cette passerelle présente aux navigateurs, et leur date d’expiration. Leur configuration se trouve dans le fichier de configuration.
    .empty = Aucun certificat n’est lisible.
admin-certificate-results = Contrôles des certificats
    .about = Le résultat du contrôle des certificats clients pour chaque utilisateur, et la raison d’un échec. Lorsqu’une politique ne fait qu’observer, on voit ici qui perdrait l’accès.
    .empty = Aucun certificat n’a encore été contrôlé.
admin-crls = Listes de révocation
    .about = Les listes de certificats révoqués par d’autres autorités de certification, et si chacune est à jour. Leur emplacement est indiqué dans le fichier de configuration.
    .empty = La configuration ne contient aucune liste de révocation.
admin-locks = Verrouillages
    .about = Les noms et les réseaux verrouillés après des tentatives infructueuses. Chaque verrouillage prend fin de lui-même.
    .empty = Rien n’est verrouillé.
admin-audit = Journal d’audit
    .about = Ce qui s’est passé, du plus récent au plus ancien.
    .empty = Rien n’a encore été consigné.
admin-audit-keys = Clés publiques
    .about = Les clés publiques qui permettent de vérifier les signatures de cette passerelle : celles des assertions aux applications et celles des reçus de transactions.
admin-audit-keys-file = Enregistrer les clés dans un fichier (JWKS)
admin-audit-key = Clé
admin-audit-algorithm = Algorithme
admin-explain = Explication
    .about = Ce que chacun des six contrôles dirait d’une requête, et les lignes de la configuration qui en décident. Cela n’ouvre aucun accès.
admin-explain-address = Adresse ou application
admin-explain-address-hint = Ce qu’un navigateur ouvre, par exemple https://wiki.example.com/admin, ou le nom d’une application. portal désigne le portail, portal/admin cette administration.
admin-explain-from = D’où vient la requête
admin-explain-user-hint = L’utilisateur connecté. Vide : personne.
admin-explain-proved = Authentifications effectuées
admin-explain-proved-hint = Par exemple password, totp. Avec une ancienneté : totp@2h. Pour un seul contrôle : otp:push.
admin-explain-method = Méthode
admin-explain-certificate = Certificat client (PEM)
admin-explain-browser = Navigateur enregistré
admin-explain-browser-hint = L’ID d’un navigateur enregistré de cet utilisateur. Vide : un navigateur non enregistré. Une fois un utilisateur saisi et l’explication affichée, ses navigateurs peuvent être choisis ici.
admin-explain-button = Expliquer
admin-explain-pass = La requête passe
admin-explain-hold = La requête passe, et attend sa propre approbation
admin-explain-ask = Une authentification supplémentaire est demandée
admin-explain-refuse = La requête est refusée
admin-explain-identity = Nom transmis à l’application
admin-explain-policy = Politique
admin-explain-config = Configuration
admin-explain-reading = Se lit aussi comme
admin-explain-check = Contrôle
admin-explain-demands = Exigences
admin-explain-lines = Lignes
admin-explain-ok = Validé
admin-explain-observed = Ne serait pas validé, seulement observé
admin-explain-not-applicable = Non demandé
admin-explain-not-evaluated = Non atteint
admin-explain-fail = Non validé
admin-settings = Paramètres
    .about = Les paramètres modifiables pendant que la passerelle fonctionne. Tout le reste se trouve dans le fichier de configuration.
    .saved = Le paramètre a été enregistré.

## The banner of every page
admin-banner-disabled = La protection de la connexion est désactivée : tous les formulaires de connexion sont ouverts.

## Lists
admin-search = Rechercher
admin-search-clear = Tout afficher
admin-search-none = Aucun résultat.
admin-search-any = Indifférent
admin-search-user = Utilisateur
admin-search-text = Nom ou adresse e-mail
admin-search-group = Groupe
admin-search-without-phone = Utilisateurs sans téléphone
admin-search-event = Événement
admin-search-shown = Texte dans ce qui a été affiché
admin-search-since = Du
admin-search-until = Au
admin-search-result = Utilisateur ou sujet du certificat
admin-list-select = Sélectionner
admin-list-action = Action
admin-list-scope = Appliquer à
admin-list-scope-selected = Utilisateurs cochés sur cette page
admin-list-scope-all = Tous les utilisateurs trouvés par la recherche, sur toutes les pages
admin-list-continue = Continuer
admin-list-nothing-selected = Rien n’a été fait. Sélectionnez d’abord au moins une ligne.
admin-list-pages = Pages
admin-list-first = Première page
admin-list-next = Page suivante
admin-column-user = Utilisateur
admin-column-name = Nom
admin-column-groups = Groupes
admin-column-methods = Méthodes
admin-column-state = État
admin-column-phone = Téléphone
admin-column-question = Demande
admin-column-app = Application
admin-column-browser = Navigateur
admin-column-number = Comparaison du nombre
admin-column-asked = Date de la demande
admin-column-evidence = Connexion par
admin-column-way = Enregistré par
admin-column-step = Étape
admin-column-network = Réseau
admin-column-until = Expiration
admin-column-created = Création
admin-column-transaction = Transaction
admin-column-requester = Demandeur
admin-column-shown = Affiché
admin-column-certificate = Certificat
admin-result-passed = Validé
admin-result-refused = Refusé
admin-result-would-be-refused = Serait refusé
admin-result-none = Aucun présenté
admin-column-at = Date et heure
admin-column-event = Événement
admin-column-outcome = Résultat
admin-column-address = Adresse
admin-column-note = Note
admin-column-recipient = Adresse e-mail
admin-column-subject = Objet
admin-column-written = Rédigé
admin-column-members = Membres
admin-column-owner = Propriétaire
admin-search-mail = Utilisateur, adresse e-mail ou objet
admin-search-certificate = Nom, numéro de série ou empreinte
admin-search-words = Nom
admin-outbox-waits = En attente
admin-outbox-failed = N’a pas pu être envoyé
admin-outbox-mailed = Envoyé
admin-outbox-error = Réponse du serveur de messagerie
admin-outbox-secret = Le texte peut contenir un lien à usage unique qui ouvre le compte. Son affichage est consigné dans le journal d’audit.
admin-outbox-show = Afficher le texte
admin-field-language = Langue
admin-field-invite = Créer une invitation : un lien à usage unique pour définir un mot de passe et configurer une application d’authentification
admin-field-allow = Seulement depuis ces réseaux
admin-field-deny = Pas depuis ces réseaux
admin-field-factor = Ce qui est perdu
admin-field-everything = Tout, y compris les téléphones et les navigateurs
admin-field-description = Description
admin-field-label = Usage
admin-field-scopes = Autorisations
admin-field-lifetime = Durée
admin-hint-user = Lettres, chiffres et . _ - @ + ', 64 au plus.
admin-hint-language = Par exemple ja ou en. Le champ peut rester vide.
admin-hint-allow = Un réseau ou une adresse par ligne, IPv4 ou IPv6. Vide : depuis n’importe où. Ce qui suit # est conservé comme note.
admin-hint-deny = Un réseau ou une adresse par ligne.
admin-hint-lifetime = Par exemple 90d, valeur qui s’applique aussi si le champ est vide.
admin-form-not-done = L’opération n’a pas été effectuée.
admin-made-token = Voici le jeton. Copiez-le maintenant : il ne sera plus jamais affiché.
admin-search-members = Membres de
admin-many = Plusieurs utilisateurs à la fois
    .about = Applique une même action à tous les utilisateurs d’une liste ou à tous les membres d’un groupe. Chacune est consignée dans le journal d’audit comme si elle avait été faite séparément.
admin-many-users-hint = Noms d’utilisateur, un par ligne ou séparés par des virgules.
admin-many-group = Et tous les membres de
admin-many-only-without = Pour les schémas : exclure les utilisateurs qui en ont déjà un
admin-many-csv = Répondre par un fichier (CSV) plutôt que par une page
admin-many-asks = Cette action retire quelque chose à chacun des utilisateurs indiqués ici. Si c’est bien ce que vous voulez, appuyez à nouveau.
admin-many-once = Les liens et les schémas ci-dessous ne sont affichés que cette fois.
admin-many-secret = Lien ou schéma
admin-many-not-done = Non effectué
admin-many-notice-mailed = La notice est en cours d’envoi par e-mail.
admin-many-notice-kept = Imprimez la notice et remettez-la à l’utilisateur.
admin-user-links = Liens à usage unique
admin-user-link-until = jusqu’au
admin-link-invitation = Invitation
admin-link-password = Définir un nouveau mot de passe
admin-link-authenticator = Configurer une nouvelle application d’authentification
admin-link-passkey = Créer une nouvelle clé d’accès
admin-link-browser = Enregistrer un navigateur
admin-link-phone = Enregistrer un téléphone
admin-network-list = Liste de réseaux
    .about = Toute nouvelle requête venant d’ailleurs est refusée, et ce qui est ouvert est fermé en moins d’une seconde. IPv4 et IPv6 s’inscrivent séparément.
admin-network-new = Ajouter une liste
admin-network-of = S’applique à
admin-network-kind = Type
admin-network-app = Application
admin-network-group = Groupe
admin-network-user = Utilisateur
admin-network-remarks = Remarques
admin-network-see = Voir la liste
admin-network-search = Nom, réseau, note ou adresse
admin-network-here = Votre adresse actuelle :
admin-network-name-hint = Le nom de l’application, du groupe ou de l’utilisateur. portal désigne le portail, avec la liste des applications et les pages du compte, portal/admin cette administration.
admin-network-save = Enregistrer la liste
admin-network-saved = La liste est enregistrée.
admin-network-asks = Cette liste ne contient pas l’adresse d’où vous venez : l’accès vous y serait aussitôt refusé. Si c’est bien ce que vous voulez, appuyez à nouveau.
admin-network-asks-administration = Cette liste concerne cette administration et en refuse l’accès à tous ceux qui n’y figurent pas. Si c’est bien ce que vous voulez, appuyez à nouveau.
admin-network-ends = Il n’y a aucune ligne : la liste actuelle est donc supprimée et ne restreint plus personne. Si c’est bien ce que vous voulez, appuyez à nouveau.
admin-network-changed = Non enregistré : la liste actuelle n’est pas celle qui était affichée avec ce formulaire. Comparez les deux ; pour mettre la vôtre à la place, enregistrez-la à nouveau.
admin-network-present = La liste actuelle
admin-network-no-list = Il n’y a pas de liste.
admin-network-no-app = La configuration ne contient aucune application de ce nom. La liste ne restreint personne : créez-la pour l’application sous son nom actuel, puis supprimez-la ici.
admin-network-no-name = ce nom de réseaux n’est pas (ou plus) dans la configuration. Il n’admet personne ; parmi les réseaux refusés, ou comme seule ligne qui autorise, il refuse tout le monde.
admin-network-names = Les réseaux nommés dans la configuration. Une ligne peut être l’un de ces noms :
admin-network-within = le premier est compris dans le second et n’ajoute rien.
admin-network-denied = le premier est autorisé, mais compris dans le second, qui est refusé : personne ne peut se connecter depuis là.
admin-network-no-ipv6 = Aucun réseau IPv6 n’est autorisé. Les requêtes en IPv6 sont refusées.
admin-network-no-ipv4 = Aucun réseau IPv4 n’est autorisé. Les requêtes en IPv4 sont refusées.
admin-form-add-user = Ajouter un utilisateur
    .about = Un nouvel utilisateur commence avec un mot de passe de ce site ou par une invitation.
    .done = L’utilisateur est ajouté.
admin-form-change-user = Modifier les noms et l’adresse
    .about = Le nom affiché de l’utilisateur et l’adresse de ses e-mails. Un champ vide efface la valeur.
    .done = La modification est faite.
admin-form-set-groups = Modifier les groupes
    .about = L’utilisateur est membre des groupes choisis, et d’aucun autre.
    .done = Les groupes sont modifiés.
admin-form-set-methods = Modifier les méthodes de connexion
    .about = Les premiers facteurs que cet utilisateur peut employer. Ce qui a été ouvert avec une méthode retirée prend fin.
    .done = Les méthodes de connexion sont modifiées.
admin-form-set-networks = Modifier les réseaux
    .about = D’où cet utilisateur peut se connecter, même si une application autorise davantage. Cela vaut dès la prochaine requête.
    .asks = Ces réseaux ne comprennent pas celui d’où vous venez : vous perdriez aussitôt l’accès. Si c’est bien ce que vous voulez, appuyez à nouveau.
    .done = Les réseaux sont modifiés.
admin-form-reset-factor = Réinitialiser un facteur perdu
    .about = Ce qui est perdu est retiré, et un lien à usage unique est créé pour le configurer à nouveau. Les sessions prennent fin, sauf pour un mot de passe de transaction.
    .asks = L’ancien cesse aussitôt de fonctionner. Si c’est bien ce que vous voulez, appuyez à nouveau.
    .done = Le facteur est retiré.
admin-form-add-group = Ajouter un groupe
    .about = Les membres s’ajoutent sur les pages des utilisateurs.
    .done = Le groupe est ajouté.
admin-form-issue-token = Créer un jeton d’API
    .about = Un programme l’envoie sous la forme Authorization: Bearer. Ne lui donnez que les autorisations nécessaires.
    .done = Le jeton est créé.
admin-column-applied = Date de la demande
admin-column-decided = Décidé par
admin-device-pending = En attente
admin-device-approved = Approuvé
admin-device-rejected = Refusé
admin-device-revoked = Révoqué
admin-device-reason = Quelques mots à l’utilisateur
admin-device-reason-hint = Affichés à la prochaine connexion avec ce navigateur. Vous pouvez laisser ce champ vide.
admin-user-devices = Restriction d’appareils
admin-user-certificates = Certificats clients
admin-certificates-required = Exigés
admin-certificates-by-group = Exigés par un groupe
admin-certificates-accepted = Acceptés
admin-certificates-refused = Refusés
admin-certificates-refused-in-group = Refusés, bien qu’un groupe les exige
admin-certificates-of-members = Exigés de tous les membres
admin-certificates-of-each = Paramètre de chaque membre
admin-on = Activée
admin-off = Désactivée
admin-column-actor = Fait par
admin-column-refusal = Raison
admin-column-organisation = ID de l’organisation
admin-column-service = ID de service
admin-user-enabled = Activé
admin-user-disabled = Désactivé
admin-phone-active = Actif
admin-phone-suspended = Suspendu
admin-phone-locked = Verrouillé
admin-phone-none = Aucun téléphone n’est enregistré.
admin-step-first = Premier facteur
admin-step-second = Second facteur
admin-step-transaction = Transaction
admin-step-network = Tout le réseau
admin-event-done = Effectué
admin-event-refused = Refusé
admin-list-details = Détails

## Actions: on the button, before it is confirmed, and when it is done
admin-confirm-more = { $count ->
    [one] et { $count } autre
   *[other] et { $count } autres
}
admin-confirm-unseen = { $count ->
    [one] { $count } d’entre eux n’a encore présenté aucun certificat valable. Un utilisateur qui ne peut pas en présenter perd l’accès à la prochaine requête :
   *[other] { $count } d’entre eux n’ont encore présenté aucun certificat valable. Un utilisateur qui ne peut pas en présenter perd l’accès à la prochaine requête :
}
admin-action-assign-push = Autoriser la connexion par téléphone
    .confirm = { $count ->
        [one] Cet utilisateur pourra se connecter en approuvant sur un téléphone.
       *[other] Ces { $count } utilisateurs pourront se connecter en approuvant sur un téléphone.
    }
    .done = { $count ->
        [one] { $count } utilisateur peut maintenant se connecter par téléphone.
       *[other] { $count } utilisateurs peuvent maintenant se connecter par téléphone.
    }
admin-action-unassign-push = Ne plus autoriser la connexion par téléphone
    .confirm = { $count ->
        [one] Cet utilisateur ne pourra plus se connecter par téléphone. Tous ses téléphones sont supprimés, et les navigateurs enregistrés avec un nombre reporté sur le téléphone devront l’être à nouveau.
       *[other] Ces { $count } utilisateurs ne pourront plus se connecter par téléphone. Tous leurs téléphones sont supprimés, et les navigateurs enregistrés avec un nombre reporté sur le téléphone devront l’être à nouveau.
    }
    .done = { $count ->
        [one] { $count } utilisateur ne peut plus se connecter par téléphone. Ses téléphones ont été supprimés.
       *[other] { $count } utilisateurs ne peuvent plus se connecter par téléphone. Leurs téléphones ont été supprimés.
    }
admin-action-invite-phone = Envoyer un lien pour enregistrer un téléphone
    .confirm = { $count ->
        [one] Cet utilisateur reçoit un lien par e-mail. Le lien ne sert qu’une fois.
       *[other] Chacun de ces { $count } utilisateurs reçoit un lien par e-mail. Chaque lien ne sert qu’une fois.
    }
    .done = { $count ->
        [one] { $count } lien a été créé.
       *[other] { $count } liens ont été créés.
    }
admin-action-suspend-approvals = Suspendre les approbations
    .confirm = { $count ->
        [one] Rien ne pourra être approuvé pour cet utilisateur jusqu’au rétablissement des approbations. Ses téléphones restent enregistrés ; les demandes d’approbation en attente sont retirées.
       *[other] Rien ne pourra être approuvé pour ces { $count } utilisateurs jusqu’au rétablissement des approbations. Leurs téléphones restent enregistrés ; les demandes d’approbation en attente sont retirées.
    }
    .done = { $count ->
        [one] Les approbations de { $count } utilisateur ont été suspendues.
       *[other] Les approbations de { $count } utilisateurs ont été suspendues.
    }
admin-action-resume-approvals = Rétablir les approbations
    .confirm = { $count ->
        [one] Les téléphones de cet utilisateur pourront de nouveau approuver.
       *[other] Les téléphones de ces { $count } utilisateurs pourront de nouveau approuver.
    }
    .done = { $count ->
        [one] Les approbations de { $count } utilisateur ont été rétablies.
       *[other] Les approbations de { $count } utilisateurs ont été rétablies.
    }
admin-action-unlock-approvals = Déverrouiller les approbations
    .confirm = { $count ->
        [one] Ceci met fin au verrouillage dû à des réponses incorrectes pour cet utilisateur.
       *[other] Ceci met fin aux verrouillages dus à des réponses incorrectes pour ces { $count } utilisateurs.
    }
    .done = { $count ->
        [one] Les approbations de { $count } utilisateur ont été déverrouillées.
       *[other] Les approbations de { $count } utilisateurs ont été déverrouillées.
    }
admin-action-unregister-phones = Supprimer tous les téléphones
    .confirm = { $count ->
        [one] Tous les téléphones de cet utilisateur sont supprimés. Un téléphone devra être enregistré à nouveau avant de pouvoir approuver.
       *[other] Tous les téléphones de ces { $count } utilisateurs sont supprimés. Un téléphone devra être enregistré à nouveau avant de pouvoir approuver.
    }
    .done = { $count ->
        [one] Les téléphones de { $count } utilisateur ont été supprimés.
       *[other] Les téléphones de { $count } utilisateurs ont été supprimés.
    }
admin-action-sign-out = Mettre fin à toutes les sessions
    .confirm = { $count ->
        [one] Cet utilisateur est aussitôt déconnecté partout.
       *[other] Ces { $count } utilisateurs sont aussitôt déconnectés partout.
    }
    .done = { $count ->
        [one] { $count } utilisateur a été déconnecté.
       *[other] { $count } utilisateurs ont été déconnectés.
    }
admin-action-disable-user = Désactiver
    .confirm = { $count ->
        [one] Cet utilisateur est déconnecté et ne pourra plus se connecter avant d’être réactivé.
       *[other] Ces { $count } utilisateurs sont déconnectés et ne pourront plus se connecter avant d’être réactivés.
    }
    .done = { $count ->
        [one] { $count } utilisateur a été désactivé.
       *[other] { $count } utilisateurs ont été désactivés.
    }
admin-action-enable-user = Activer
    .confirm = { $count ->
        [one] Cet utilisateur pourra de nouveau se connecter.
       *[other] Ces { $count } utilisateurs pourront de nouveau se connecter.
    }
    .done = { $count ->
        [one] { $count } utilisateur a été activé.
       *[other] { $count } utilisateurs ont été activés.
    }
admin-action-remove-phone = Supprimer le téléphone
    .confirm = { $count ->
        [one] Ce téléphone n’approuvera plus pour son utilisateur, à moins d’être enregistré à nouveau.
       *[other] Ces { $count } téléphones n’approuveront plus pour leurs utilisateurs, à moins d’être enregistrés à nouveau.
    }
    .done = { $count ->
        [one] { $count } téléphone a été supprimé.
       *[other] { $count } téléphones ont été supprimés.
    }
admin-action-remove-transaction-password = Supprimer le mot de passe de transaction
    .confirm = { $count ->
        [one] Cet utilisateur ne pourra plus approuver les transactions qui demandent ce mot de passe, tant qu’il n’en aura pas défini un nouveau sur la page de son compte. Ses sessions restent ouvertes.
       *[other] Ces { $count } utilisateurs ne pourront plus approuver les transactions qui demandent ce mot de passe, tant qu’ils n’en auront pas défini un nouveau sur la page de leur compte. Leurs sessions restent ouvertes.
    }
    .done = { $count ->
        [one] Le mot de passe de transaction de { $count } utilisateur a été supprimé.
       *[other] Les mots de passe de transaction de { $count } utilisateurs ont été supprimés.
    }
admin-action-reset-passkeys = Supprimer les clés d’accès et envoyer un lien
    .confirm = { $count ->
        [one] Toutes les clés d’accès de cet utilisateur sont supprimées, et il est déconnecté partout. Un lien à usage unique permet de créer une nouvelle clé d’accès.
       *[other] Toutes les clés d’accès de ces { $count } utilisateurs sont supprimées, et ils sont déconnectés partout. Un lien à usage unique permet à chacun de créer une nouvelle clé d’accès.
    }
    .done = { $count ->
        [one] Les clés d’accès de { $count } utilisateur ont été supprimées.
       *[other] Les clés d’accès de { $count } utilisateurs ont été supprimées.
    }
admin-action-remove-passkey = Supprimer la clé d’accès
    .confirm = { $count ->
        [one] Cette clé d’accès ne permettra plus à son utilisateur de se connecter. Ce qu’elle a ouvert prend fin ; les autres clés d’accès de l’utilisateur restent.
       *[other] Ces { $count } clés d’accès ne permettront plus à leurs utilisateurs de se connecter. Ce qu’elles ont ouvert prend fin ; les autres clés d’accès des utilisateurs restent.
    }
    .done = { $count ->
        [one] { $count } clé d’accès a été supprimée.
       *[other] { $count } clés d’accès ont été supprimées.
    }
admin-action-unlink-identity = Dissocier le compte
    .confirm = { $count ->
        [one] Ce compte d’un fournisseur d’identité ne permettra plus à son utilisateur de se connecter ici. Les sessions qu’il a ouvertes prennent fin.
       *[other] Ces { $count } comptes de fournisseurs d’identité ne permettront plus à leurs utilisateurs de se connecter ici. Les sessions qu’ils ont ouvertes prennent fin.
    }
    .done = { $count ->
        [one] { $count } compte a été dissocié.
       *[other] { $count } comptes ont été dissociés.
    }
admin-action-unlink-directory = Oublier l’entrée d’annuaire
    .confirm = { $count ->
        [one] La prochaine connexion associe cet utilisateur à l’entrée de l’annuaire qui portera alors son nom. Les sessions ouvertes par l’annuaire prennent fin.
       *[other] La prochaine connexion associe chacun de ces { $count } utilisateurs à l’entrée de l’annuaire qui portera alors son nom. Les sessions ouvertes par l’annuaire prennent fin.
    }
    .done = { $count ->
        [one] L’entrée d’annuaire de { $count } utilisateur a été oubliée.
       *[other] Les entrées d’annuaire de { $count } utilisateurs ont été oubliées.
    }
admin-action-test-provider = Lire ses informations maintenant
    .confirm = { $count ->
        [one] Les informations de ce fournisseur d’identité sont lues maintenant.
       *[other] Les informations de ces { $count } fournisseurs d’identité sont lues maintenant.
    }
    .done = Le fournisseur d’identité a été interrogé. Son état actuel figure ci-dessous.
admin-action-replace-account-key = Remplacer la clé du compte auprès de l’autorité de certification
    .confirm = { $count ->
        [one] Le compte auprès de l’autorité de certification de ce certificat reçoit une nouvelle clé.
       *[other] Les comptes auprès des autorités de certification de ces { $count } certificats reçoivent une nouvelle clé.
    }
    .done = La clé du compte a été remplacée.
admin-action-renew-certificate = En demander un nouveau maintenant
    .confirm = { $count ->
        [one] Un nouveau certificat est demandé à l’autorité de certification.
       *[other] { $count } nouveaux certificats sont demandés aux autorités de certification.
    }
    .done = Un nouveau certificat a été demandé. Il s’affichera sur cette page dès qu’il sera là.
admin-action-test-directory = Tester maintenant
    .confirm = { $count ->
        [one] Chaque serveur de cet annuaire est testé maintenant.
       *[other] Chaque serveur de ces { $count } annuaires est testé maintenant.
    }
    .done = L’annuaire a été interrogé. Son état actuel figure ci-dessous.
admin-action-refresh-crls = Récupérer les listes maintenant
    .confirm = Les listes de révocation qui ont une adresse sont récupérées maintenant.
    .done = Les listes ont été récupérées. Leur état actuel figure ci-dessous.
admin-action-sync-directory = Synchroniser maintenant
    .confirm = { $count ->
        [one] Les groupes et les noms de cet annuaire sont importés ici, et les personnes qui y sont désactivées le sont aussi ici.
       *[other] Les groupes et les noms de ces { $count } annuaires sont importés ici, et les personnes qui y sont désactivées le sont aussi ici.
    }
    .done = La synchronisation est terminée.
admin-action-cancel-transaction = Retirer
    .confirm = { $count ->
        [one] Cette requête n’atteindra pas son application, et aucun téléphone ne pourra plus l’approuver. Le demandeur est informé qu’elle a été retirée.
       *[other] Ces { $count } requêtes n’atteindront pas leurs applications, et aucun téléphone ne pourra plus les approuver. Les demandeurs sont informés qu’elles ont été retirées.
    }
    .done = { $count ->
        [one] { $count } transaction a été retirée.
       *[other] { $count } transactions ont été retirées.
    }
admin-action-cancel-approval = Retirer
    .confirm = { $count ->
        [one] Cette demande d’approbation est retirée. La personne qui l’attend en est informée.
       *[other] Ces { $count } demandes d’approbation sont retirées. Les personnes qui les attendent en sont informées.
    }
    .done = { $count ->
        [one] { $count } demande d’approbation a été retirée.
       *[other] { $count } demandes d’approbation ont été retirées.
    }
admin-action-end-session = Mettre fin à la session
    .confirm = { $count ->
        [one] Cette session prend fin aussitôt.
       *[other] Ces { $count } sessions prennent fin aussitôt.
    }
    .done = { $count ->
        [one] { $count } session est terminée.
       *[other] { $count } sessions sont terminées.
    }
admin-action-remove-user = Supprimer l’utilisateur
    .confirm = { $count ->
        [one] Cet utilisateur et tout ce qui appartient à son compte sont supprimés définitivement : facteurs, sessions, navigateurs et liens.
       *[other] Ces { $count } utilisateurs et tout ce qui appartient à leurs comptes sont supprimés définitivement : facteurs, sessions, navigateurs et liens.
    }
    .done = { $count ->
        [one] { $count } utilisateur a été supprimé.
       *[other] { $count } utilisateurs ont été supprimés.
    }
admin-action-invite-user = Envoyer une invitation
    .confirm = { $count ->
        [one] Un lien à usage unique pour définir un mot de passe et configurer une application d’authentification est créé pour cet utilisateur.
       *[other] Un lien à usage unique pour définir un mot de passe et configurer une application d’authentification est créé pour chacun de ces { $count } utilisateurs.
    }
    .done = { $count ->
        [one] { $count } invitation a été créée.
       *[other] { $count } invitations ont été créées.
    }
admin-action-forget-browsers = Oublier tous les navigateurs enregistrés
    .confirm = { $count ->
        [one] Tous les navigateurs de cet utilisateur devront être enregistrés à nouveau. Les sessions ouvertes avec eux prennent fin.
       *[other] Tous les navigateurs de ces { $count } utilisateurs devront être enregistrés à nouveau. Les sessions ouvertes avec eux prennent fin.
    }
    .done = { $count ->
        [one] Les navigateurs de { $count } utilisateur ne sont plus enregistrés.
       *[other] Les navigateurs de { $count } utilisateurs ne sont plus enregistrés.
    }
admin-action-untie-account = Dissocier le compte du domaine
    .confirm = { $count ->
        [one] La passerelle oublie à quel compte du domaine appartiennent les tickets de cet utilisateur. Le prochain ticket à son nom en associe un autre.
       *[other] La passerelle oublie à quels comptes du domaine appartiennent les tickets de ces { $count } utilisateurs. Le prochain ticket au nom de l’un d’eux en associe un autre.
    }
    .done = { $count ->
        [one] { $count } compte du domaine a été dissocié.
       *[other] { $count } comptes du domaine ont été dissociés.
    }
admin-action-remove-group = Supprimer le groupe
    .confirm = { $count ->
        [one] Ce groupe est supprimé. Ses membres restent, mais perdent ce que ce groupe leur apportait.
       *[other] Ces { $count } groupes sont supprimés. Leurs membres restent, mais perdent ce que ces groupes leur apportaient.
    }
    .done = { $count ->
        [one] { $count } groupe a été supprimé.
       *[other] { $count } groupes ont été supprimés.
    }
admin-action-revoke-link = Invalider le lien
    .confirm = { $count ->
        [one] Ce lien ne pourra plus être utilisé.
       *[other] Ces { $count } liens ne pourront plus être utilisés.
    }
    .done = { $count ->
        [one] { $count } lien a été invalidé.
       *[other] { $count } liens ont été invalidés.
    }
admin-action-remove-network-list = Supprimer la liste
    .confirm = { $count ->
        [one] Cette liste est supprimée. Elle ne restreint plus personne.
       *[other] Ces { $count } listes sont supprimées. Elles ne restreignent plus personne.
    }
    .done = { $count ->
        [one] { $count } liste a été supprimée.
       *[other] { $count } listes ont été supprimées.
    }
admin-action-remove-message = Supprimer le message
    .confirm = { $count ->
        [one] Ce message est supprimé. Un lien qu’il contient reste valable jusqu’à son expiration.
       *[other] Ces { $count } messages sont supprimés. Les liens qu’ils contiennent restent valables jusqu’à leur expiration.
    }
    .done = { $count ->
        [one] { $count } message a été supprimé.
       *[other] { $count } messages ont été supprimés.
    }
admin-action-revoke-token = Révoquer le jeton
    .confirm = { $count ->
        [one] Le programme qui a ce jeton ne pourra plus rien faire avec lui.
       *[other] Les programmes qui ont ces { $count } jetons ne pourront plus rien faire avec eux.
    }
    .done = { $count ->
        [one] { $count } jeton a été révoqué.
       *[other] { $count } jetons ont été révoqués.
    }
admin-action-approve-device = Approuver
    .confirm = { $count ->
        [one] Ce navigateur pourra être utilisé par son utilisateur.
       *[other] Ces { $count } navigateurs pourront être utilisés par leurs utilisateurs.
    }
    .done = { $count ->
        [one] { $count } demande a été approuvée.
       *[other] { $count } demandes ont été approuvées.
    }
admin-action-reject-device = Refuser
    .confirm = { $count ->
        [one] Ce navigateur ne pourra pas être utilisé. Son utilisateur en est informé et pourra refaire une demande après un certain temps.
       *[other] Ces { $count } navigateurs ne pourront pas être utilisés. Leurs utilisateurs en sont informés et pourront refaire une demande après un certain temps.
    }
    .done = { $count ->
        [one] { $count } demande a été refusée.
       *[other] { $count } demandes ont été refusées.
    }
admin-action-revoke-device = Révoquer
    .confirm = { $count ->
        [one] Ce navigateur n’est plus approuvé. Ses sessions prennent fin aussitôt.
       *[other] Ces { $count } navigateurs ne sont plus approuvés. Leurs sessions prennent fin aussitôt.
    }
    .done = { $count ->
        [one] { $count } navigateur n’est plus approuvé.
       *[other] { $count } navigateurs ne sont plus approuvés.
    }
admin-action-designate-devices = Activer la restriction d’appareils
    .confirm = { $count ->
        [one] Désormais, cet utilisateur ne se connecte qu’avec des navigateurs approuvés par un administrateur. S’il n’en utilise pas, il est invité à faire une demande dès la prochaine requête.
       *[other] Désormais, ces { $count } utilisateurs ne se connectent qu’avec des navigateurs approuvés par un administrateur. Ceux qui n’en utilisent pas sont invités à faire une demande dès la prochaine requête.
    }
    .done = { $count ->
        [one] La restriction d’appareils est activée pour { $count } utilisateur.
       *[other] La restriction d’appareils est activée pour { $count } utilisateurs.
    }
admin-action-release-devices = Désactiver la restriction d’appareils
    .confirm = { $count ->
        [one] Cet utilisateur pourra se connecter avec tout navigateur que les politiques acceptent.
       *[other] Ces { $count } utilisateurs pourront se connecter avec tout navigateur que les politiques acceptent.
    }
    .done = { $count ->
        [one] La restriction d’appareils est désactivée pour { $count } utilisateur.
       *[other] La restriction d’appareils est désactivée pour { $count } utilisateurs.
    }
admin-action-require-certificates = Exiger des certificats clients
    .confirm = { $count ->
        [one] Dès la prochaine requête, cet utilisateur aura besoin d’un certificat partout où il en est demandé un aux utilisateurs sélectionnés. Sans certificat, il y perd l’accès.
       *[other] Dès la prochaine requête, ces { $count } utilisateurs auront besoin d’un certificat partout où il en est demandé un aux utilisateurs sélectionnés. Sans certificat, ils y perdent l’accès.
    }
    .done = { $count ->
        [one] Les certificats clients sont exigés de { $count } utilisateur.
       *[other] Les certificats clients sont exigés de { $count } utilisateurs.
    }
admin-action-require-shown-certificates = Exiger des certificats clients de ceux qui en ont présenté un valable
    .confirm = { $count ->
        [one] Cet utilisateur a présenté un certificat valable et en aura besoin, dès la prochaine requête, partout où il en est demandé un aux utilisateurs sélectionnés. Rien n’est modifié si ce certificat n’est plus valable à ce moment-là.
       *[other] Ces { $count } utilisateurs ont présenté un certificat valable et en auront besoin, dès la prochaine requête, partout où il en est demandé un aux utilisateurs sélectionnés. Rien n’est modifié pour les autres, ni pour ceux dont le certificat ne sera plus valable à ce moment-là.
    }
    .done = { $count ->
        [one] Les certificats clients sont exigés de { $count } utilisateur qui en a présenté un.
       *[other] Les certificats clients sont exigés de { $count } utilisateurs qui en ont présenté un.
    }
admin-action-allow-certificates = Accepter les certificats clients
    .confirm = { $count ->
        [one] Les certificats clients sont acceptés pour cet utilisateur, et ne sont exigés que là où ils le sont de tous.
       *[other] Les certificats clients sont acceptés pour ces { $count } utilisateurs, et ne sont exigés que là où ils le sont de tous.
    }
    .done = { $count ->
        [one] Les certificats clients sont acceptés pour { $count } utilisateur.
       *[other] Les certificats clients sont acceptés pour { $count } utilisateurs.
    }
admin-action-forbid-certificates = Refuser les certificats clients
    .confirm = { $count ->
        [one] Plus aucun certificat n’est accepté pour cet utilisateur : les applications qui en demandent un lui refusent l’accès, et les sessions commencées avec un certificat prennent fin.
       *[other] Plus aucun certificat n’est accepté pour ces { $count } utilisateurs : les applications qui en demandent un leur refusent l’accès, et les sessions commencées avec un certificat prennent fin.
    }
    .done = { $count ->
        [one] Les certificats clients sont refusés pour { $count } utilisateur.
       *[other] Les certificats clients sont refusés pour { $count } utilisateurs.
    }
admin-action-require-group-certificates = Exiger des certificats clients de tous les membres
    .confirm = { $count ->
        [one] Tous les membres de ce groupe, y compris ceux qui le rejoindront, auront besoin d’un certificat partout où il en est demandé un aux utilisateurs sélectionnés. Les membres sans certificat, et ceux dont les certificats sont refusés, y perdent l’accès.
       *[other] Tous les membres de ces { $count } groupes, y compris ceux qui les rejoindront, auront besoin d’un certificat partout où il en est demandé un aux utilisateurs sélectionnés. Les membres sans certificat, et ceux dont les certificats sont refusés, y perdent l’accès.
    }
    .done = { $count ->
        [one] Les certificats clients sont exigés des membres de { $count } groupe.
       *[other] Les certificats clients sont exigés des membres de { $count } groupes.
    }
admin-action-release-group-certificates = Suivre le paramètre de chaque membre pour les certificats clients
    .confirm = { $count ->
        [one] Les certificats sont exigés des membres de ce groupe selon le paramètre de chacun.
       *[other] Les certificats sont exigés des membres de ces { $count } groupes selon le paramètre de chacun.
    }
    .done = { $count ->
        [one] Le paramètre de chaque membre s’applique dans { $count } groupe.
       *[other] Le paramètre de chaque membre s’applique dans { $count } groupes.
    }
admin-action-invite-browser = Créer un lien pour enregistrer un navigateur
    .confirm = { $count ->
        [one] Un lien à usage unique est créé pour cet utilisateur.
       *[other] Un lien à usage unique est créé pour chacun de ces { $count } utilisateurs.
    }
    .done = { $count ->
        [one] { $count } lien a été créé.
       *[other] { $count } liens ont été créés.
    }
admin-action-forget-browser = Oublier le navigateur
    .confirm = { $count ->
        [one] Ce navigateur devra être enregistré à nouveau. Ses sessions prennent fin.
       *[other] Ces { $count } navigateurs devront être enregistrés à nouveau. Leurs sessions prennent fin.
    }
    .done = { $count ->
        [one] { $count } navigateur n’est plus enregistré.
       *[other] { $count } navigateurs ne sont plus enregistrés.
    }
admin-action-lift-lock = Lever le verrouillage
    .confirm = { $count ->
        [one] Ce verrouillage prend fin, et la prochaine tentative peut avoir lieu aussitôt.
       *[other] Ces { $count } verrouillages prennent fin, et les prochaines tentatives peuvent avoir lieu aussitôt.
    }
    .done = { $count ->
        [one] { $count } verrouillage a été levé.
       *[other] { $count } verrouillages ont été levés.
    }

## The result of an action
admin-result-failed = { $count ->
    [one] L’action a échoué pour { $count } entrée.
   *[other] L’action a échoué pour { $count } entrées.
}
admin-result-failed-decided = Un autre administrateur en a déjà décidé :
admin-result-failed-gone = L’élément n’existe plus.
admin-result-failed-forbidden = Vous n’avez pas le droit d’appliquer cette action à des administrateurs.
admin-result-failed-state = La passerelle n’a pas pu lire ou écrire ses données. Réessayez.
admin-result-failed-input = Ce n’est pas possible tel que demandé.
admin-result-links = Chaque lien enregistre un téléphone, une seule fois. Les liens ne sont affichés que maintenant.
admin-result-links-browser = Chaque lien enregistre un navigateur, une seule fois : l’utilisateur l’ouvre dans ce navigateur. Les liens ne sont affichés que maintenant.
admin-result-links-account = Avec chaque lien, son utilisateur définit un mot de passe et configure une application d’authentification, une seule fois. Les liens ne sont affichés que maintenant.
admin-result-links-passkey = Chaque lien crée une clé d’accès, une seule fois. Les liens ne sont affichés que maintenant.
admin-result-link-mailed = Le lien est en cours d’envoi par e-mail. L’utilisateur peut aussi l’ouvrir ici, avec l’appareil photo du téléphone.
admin-result-link-kept = Le lien n’a pas été envoyé par e-mail, faute de serveur de messagerie ou d’adresse e-mail. Le message attend dans la boîte d’envoi ; remettez le lien vous-même.
admin-result-back = Retour à la liste

## One user
admin-user-transaction-password = Mot de passe de transaction
admin-user-directory = Entrée d’annuaire
admin-user-identities = Comptes chez des fournisseurs d’identité
admin-user-identities-none = Aucun compte n’est associé à cet utilisateur.
admin-user-identity-provider = Fournisseur d’identité
admin-user-identity-subject = Compte chez le fournisseur (sub)
admin-user-identity-link = Associer
admin-user-identity-linked = Le compte est associé : il permet désormais de se connecter en tant que cet utilisateur.
admin-user-identity-not-linked = Rien n’a été associé : ce compte appartient déjà à un utilisateur, ou n’est pas utilisable.
admin-user-show-list = Afficher la liste

## One transaction
admin-transaction-result = Résultat
admin-transaction-waits-for = En attente de
admin-transaction-ended = Terminée
admin-transaction-request = Requête
admin-transaction-digest = Empreinte de la requête
admin-transaction-id = ID
admin-transaction-requester-program = Un programme
admin-transaction-answers = Réponses
    .empty = Aucun téléphone n’a répondu.
    .approved = Approuvé
    .denied = Refusé
admin-transaction-receipt = Reçu
    .about = Cette passerelle l’a signé, et il contient les réponses telles que les téléphones les ont signées. « sekisho audit verify » le vérifie sans la passerelle.
    .download = Télécharger le reçu
    .empty = Il n’y a pas de reçu : la passerelle s’est arrêtée avant la fin de la transaction, ou n’a pas pu signer.
admin-transaction-outcome-held = En attente
admin-transaction-outcome-forwarding = En cours d’envoi
admin-transaction-outcome-forwarded = Transmise
admin-transaction-outcome-denied = Refusée
admin-transaction-outcome-cancelled = Retirée
admin-transaction-outcome-expired = Pas approuvée à temps
admin-transaction-outcome-refused = Refusée par la politique
admin-transaction-outcome-not-sent = Non transmise : application injoignable
admin-transaction-outcome-unknown = Résultat inconnu : transmise, mais sans réponse
admin-transaction-stage-password = Le mot de passe de transaction
admin-transaction-stage-code = Un code
admin-transaction-stage-pending = Approbation sur les téléphones
admin-transaction-stage-approved = La récupération du résultat par le demandeur (approuvée)
admin-transaction-stage-forwarding = La réponse de l’application
admin-transactions-export-csv = Télécharger tous les résultats en CSV
admin-transactions-export-jsonl = Télécharger tous les résultats en JSON Lines, avec les reçus

## Login-protect
admin-login-protect-service = Générer un ID de service
    .about = Une politique qui protège son formulaire de connexion indique un ID de service. Les politiques qui ont le même ID de service s’ouvrent ensemble.
admin-login-protect-disable = Désactiver partout
    .confirm = { $count ->
        [0] Aucune politique ne protège son formulaire de connexion en ce moment. Tant que vous n’aurez pas rétabli la protection de la connexion, une politique qui commencerait à le protéger resterait elle aussi sans effet.
        [one] Le formulaire de connexion de { $count } service sera ouvert à tous jusqu’à ce que vous rétablissiez la protection de la connexion. Les mots de passe restent vérifiés.
       *[other] Les formulaires de connexion de { $count } services seront ouverts à tous jusqu’à ce que vous rétablissiez la protection de la connexion. Les mots de passe restent vérifiés.
    }
    .done = La protection de la connexion a été désactivée partout.
admin-login-protect-restore = Rétablir
    .confirm = { $count ->
        [0] Aucune politique ne protège son formulaire de connexion en ce moment.
        [one] Le formulaire de connexion de { $count } service se referme aussitôt. Les utilisateurs sans téléphone ne peuvent pas s’y connecter.
       *[other] Les formulaires de connexion de { $count } services se referment aussitôt. Les utilisateurs sans téléphone ne peuvent pas s’y connecter.
    }
    .done = La protection de la connexion est de nouveau en vigueur.
admin-login-protect-confirm = Confirmer
admin-migration = Passer à la protection de la connexion
    .about = Activer la protection de la connexion pour une politique en service prive d’accès tous les utilisateurs sans téléphone. Ces étapes l’évitent.
admin-migration-pilot = D’abord avec un groupe pilote
admin-migration-policy = Écrivez une politique semblable à celle en service, avec login_protect et un ID de service, pour une application ou un groupe d’utilisateurs pilotes.
admin-migration-disable = Désactivez la protection de la connexion partout : tous les formulaires de connexion restent ouverts pendant vos préparatifs.
admin-migration-move = Faites passer les utilisateurs pilotes à la nouvelle politique. Ils se connectent comme avant.
admin-migration-invite = Envoyez à chacun d’eux un lien pour enregistrer un téléphone.
admin-migration-reset = Tant que leur téléphone n’est pas enregistré, ils se connectent encore comme avant. Si des téléphones déjà enregistrés ne doivent pas ouvrir le formulaire, supprimez-les d’abord.
admin-migration-restore = Lorsque tous leurs téléphones sont enregistrés, rétablissez la protection de la connexion.
admin-migration-verify = Demandez à l’un d’eux de se connecter : le formulaire est d’abord fermé, s’ouvre depuis le téléphone, puis se referme après son délai ou un mot de passe.
admin-migration-current = État actuel
admin-migration-all = Ensuite avec tous les utilisateurs
admin-migration-all-disable = Désactivez de nouveau la protection de la connexion partout.
admin-migration-all-policy = Ajoutez login_protect à la politique en service, ou faites passer tous les utilisateurs à la nouvelle politique.
admin-migration-all-invite = Envoyez un lien à chaque utilisateur, par e-mail ou sur papier.
admin-migration-all-wait = { $count ->
    [0] Chaque utilisateur a un téléphone : rétablissez la protection de la connexion.
    [one] Rétablissez la protection de la connexion lorsque chaque utilisateur a un téléphone. { $count } utilisateur n’en a pas encore.
   *[other] Rétablissez la protection de la connexion lorsque chaque utilisateur a un téléphone. { $count } utilisateurs n’en ont pas encore.
}

## Settings
admin-settings-notice = Annonce sur toutes les pages
    .hint = Une phrase, par exemple pour annoncer une maintenance. Laissez ce champ vide pour ne rien afficher.
admin-settings-phones = Téléphones et approbations
admin-settings-per-user = Nombre maximal de téléphones par utilisateur
admin-settings-lifetime = Délai de réponse à une demande d’approbation
    .seconds = { $count ->
        [one] { $count } seconde
       *[other] { $count } secondes
    }
admin-settings-wrong-answers = Nombre de réponses incorrectes avant verrouillage des approbations
admin-settings-in-config = Ces valeurs se définissent dans le fichier de configuration, sous [approval].
admin-settings-may-add = Les utilisateurs peuvent-ils ajouter eux-mêmes des téléphones ?
admin-settings-may-delete = Les utilisateurs peuvent-ils supprimer eux-mêmes des téléphones ?
admin-settings-config-yes = Comme dans le fichier de configuration : oui
admin-settings-config-no = Comme dans le fichier de configuration : non
admin-settings-save = Enregistrer

## Identity providers and directories
admin-tls-good = En service
admin-tls-ends-soon = Expire bientôt
admin-tls-ended = Expiré
admin-tls-missing = Pas encore émis
admin-tls-from = Provenance
admin-tls-names = Noms
admin-tls-ends = Valide jusqu’au
admin-tls-renewed = Renouvellement à partir du
admin-tls-next-from = Suivant en service à partir du
admin-tls-next-try = Prochaine tentative
admin-tls-serial = Numéro de série
admin-source-ready = Répond
admin-source-troubled = En panne
admin-source-unknown = Pas encore interrogé
admin-source-name = Nom dans la configuration
admin-source-issuer = Émetteur (issuer)
admin-source-read = Dernière lecture des informations
admin-source-keys = Clés
admin-source-register = Adresses à enregistrer chez le fournisseur
admin-source-redirect = URI de redirection
admin-source-metadata = Métadonnées
admin-source-after-sign-out = Après une déconnexion
admin-source-back-channel = Déconnexion back-channel
admin-source-front-channel = Déconnexion front-channel
admin-source-kind = Type
admin-source-asked = Dernière interrogation
admin-source-linked = Utilisateurs associés
admin-source-server = Serveur

## Certificates
admin-certificate-rollout = Déploiement des certificats
    .about = Les certificats clients se déploient pas à pas : cette page montre où vous en êtes et qui perdrait l’accès, avant tout changement. Seuls les utilisateurs activés sont comptés.
    .empty = Il n’y a aucun utilisateur activé.
admin-rollout-no-app = Aucune application ne demande encore de certificat client aux utilisateurs sélectionnés. Écrivez ceci parmi les exigences d’une application dans la configuration :
admin-rollout-apps = Applications qui demandent un certificat
admin-rollout-all-apps = Toutes ces applications
admin-rollout-app-selected = aux utilisateurs sélectionnés
admin-rollout-app-selected-observed = aux utilisateurs sélectionnés, observation seulement : personne n’est encore refusé
admin-rollout-app-everyone = à tous
admin-rollout-app-observed = à tous, observation seulement : personne n’est encore refusé
admin-rollout-running = Déploiement en cours d’exploitation
    .about = Personne n’est déconnecté : les certificats sont d’abord installés, et les utilisateurs sont sélectionnés une fois qu’ils en ont présenté un.
admin-rollout-new = Déploiement avant la mise en service
    .about = Les utilisateurs sont sélectionnés aussitôt : ceux qui n’ont pas encore de certificat ne peuvent pas ouvrir les applications ci-dessus.
admin-rollout-issue = Émettez des certificats.
    .state = { $count ->
        [one] { $count } utilisateur en détient un valable aujourd’hui.
       *[other] { $count } utilisateurs en détiennent un valable aujourd’hui.
    }
admin-rollout-select = Sélectionnez les utilisateurs qui doivent avoir un certificat.
    .state = { $count ->
        [one] { $count } utilisateur est sélectionné.
       *[other] { $count } utilisateurs sont sélectionnés.
    }
admin-rollout-distribute = Remettez les certificats, et la phrase secrète par un autre moyen, puis faites-les installer.
    .state = { $count ->
        [one] { $count } utilisateur en a présenté un valable.
       *[other] { $count } utilisateurs en ont présenté un valable.
    }
admin-rollout-sign-in = Les utilisateurs se connectent avec leurs certificats.
    .state = { $count ->
        [one] Contrôle validé pour { $count } utilisateur sélectionné.
       *[other] Contrôle validé pour { $count } utilisateurs sélectionnés.
    }
admin-rollout-done = Terminé
admin-rollout-open = En cours
admin-rollout-lists = Avant de sélectionner quelqu’un
admin-rollout-users = { $count ->
    [one] { $count } utilisateur est activé.
   *[other] { $count } utilisateurs sont activés.
}
admin-rollout-list-shut-out = { $count ->
    [one] { $count } utilisateur est sélectionné et n’a présenté aucun certificat valable
   *[other] { $count } utilisateurs sont sélectionnés et n’ont présenté aucun certificat valable
}
admin-rollout-list-would-be = { $count ->
    [one] { $count } utilisateur n’est pas sélectionné et n’a présenté aucun certificat valable : il perdrait l’accès
   *[other] { $count } utilisateurs ne sont pas sélectionnés et n’ont présenté aucun certificat valable : ils perdraient l’accès
}
admin-rollout-list-ready-count = { $count ->
    [one] { $count } utilisateur n’est pas sélectionné et a présenté un certificat valable : il peut être sélectionné
   *[other] { $count } utilisateurs ne sont pas sélectionnés et ont présenté un certificat valable : ils peuvent être sélectionnés
}
admin-rollout-list-ready = Utilisateurs qui peuvent être sélectionnés
admin-rollout-only = Sélection
admin-rollout-only-selected = Utilisateurs sélectionnés
admin-rollout-only-others = Autres utilisateurs
admin-rollout-holding = Détient un certificat
admin-rollout-shown = Certificat valable présenté
admin-rollout-shown-good = Présenté
admin-rollout-shown-none = Non présenté
admin-rollout-shut-out = Pas d’accès sans certificat
admin-rollout-yes = Oui
admin-rollout-no = Non
admin-certificates = Certificats
    .about = Les certificats clients connus ici : émis, ou inscrits au registre.
    .empty = Aucun certificat n’est encore connu.
    .ending = Certificats qui expirent bientôt
admin-search-ends-within = Expire d’ici (jours)
admin-certificate-ended = Expiré
admin-certificate-ends-soon = Expire bientôt
admin-certificate-name = Nom
    .hint = De 1 à 20 lettres (A à Z) ou chiffres, en demi-chasse ou en pleine chasse.
admin-certificate-holder = Titulaire
    .hint = Laissez l’utilisateur et le groupe vides pour un certificat utilisable par tous ceux dont les certificats ne sont pas refusés.
admin-certificate-anybody = Tout utilisateur
admin-certificate-group = Groupe
admin-certificate-no-group = Aucun groupe
admin-certificate-nobody = Plus personne
admin-certificate-revoked = Révoqué
admin-certificate-first-day = Premier jour
    .hint = Aujourd’hui si le champ est vide.
admin-certificate-last-day = Dernier jour
    .hint = Le certificat est valide jusqu’à la fin de ce jour.
admin-certificate-encryption = Chiffrement du fichier
admin-certificate-encryption-modern = AES (appareils actuels)
admin-certificate-encryption-older = Triple DES (appareils anciens)
admin-certificate-serial = Numéro de série
admin-certificate-fingerprint = Empreinte (SHA-256)
admin-certificate-download = Télécharger
    .about = Le fichier à installer sur l’appareil. S’il contient une clé, il s’ouvre avec la phrase secrète affichée à l’émission.
admin-issue = Émettre un certificat
    .about = Une clé et un certificat sont créés et placés dans un fichier pour un appareil. La phrase secrète du fichier n’est affichée qu’une fois.
admin-issue-go = Émettre
admin-issue-wrong-name = Ce nom n’est pas utilisable. Saisissez de 1 à 20 lettres (A à Z) ou chiffres, en demi-chasse ou en pleine chasse, sans espaces ni autres caractères.
admin-issue-wrong-holder = Saisissez un utilisateur ou choisissez un groupe, pas les deux.
admin-issue-wrong-user = Aucun utilisateur n’a ce nom.
admin-issue-wrong-group = Aucun groupe n’a ce nom.
admin-issue-wrong-days = Ces dates ne sont pas utilisables. Le dernier jour doit être aujourd’hui ou plus tard, et ne pas précéder le premier.
admin-issue-precedes = À cette date, l’autorité de certification n’existait pas encore. Choisissez un premier jour ultérieur.
admin-issue-outlives = L’autorité de certification expire avant ce dernier jour. Choisissez un dernier jour antérieur, ou renouvelez d’abord l’autorité de certification (sekisho authority renew).
admin-issue-gap = Le nouveau certificat commencerait après la fin de celui qu’il renouvelle. Les deux doivent se chevaucher : choisissez un premier jour antérieur.
admin-issue-no-longer = Le nouveau certificat n’expirerait pas plus tard que celui qu’il renouvelle. Choisissez un dernier jour ultérieur.
admin-issue-not-renewed = Ce certificat ne peut pas être renouvelé. Émettez-en plutôt un nouveau.
    .ended = Ce certificat ne peut pas être renouvelé : il a expiré. Émettez-en plutôt un nouveau.
    .revoked = Ce certificat ne peut pas être renouvelé : il est révoqué. Émettez-en plutôt un nouveau.
    .nobodys = Ce certificat ne peut pas être renouvelé : il n’appartient plus à personne, ou appartient à une machine. Émettez-en plutôt un nouveau.
    .name = Ce certificat ne peut pas être renouvelé : le nouveau porterait le même nom, et le nom d’un certificat émis ici compte de 1 à 20 lettres (A à Z) ou chiffres. Émettez-en plutôt un nouveau.
admin-renew = Renouveler
    .about = Le nouveau certificat a le même titulaire et le même nom. Les deux sont valables jusqu’à la fin de l’ancien : faites commencer le nouveau avant, pour laisser le temps de l’installer.
admin-renew-before = Dernier jour de l’ancien
admin-issue-no-authority = Il n’y a pas encore d’autorité de certification. Créez-en d’abord une : sekisho authority create
admin-issued-passphrase = Phrase secrète
    .once = Copiez-la maintenant : elle n’est affichée que cette fois et n’est conservée nulle part.
    .apart = N’envoyez jamais cette phrase secrète ou cette feuille avec le fichier, ni dans le même message.
admin-issued-days = Période
admin-issued-where = Téléchargement
admin-issued-sheet = Pour installer le certificat, ouvrez l’adresse sur l’appareil, connectez-vous, téléchargez le fichier et saisissez cette phrase secrète lorsque l’appareil la demande. La page qui s’ouvre explique chaque étape.
admin-issued-print = Imprimez cette page avec votre navigateur : seule la feuille destinée à l’utilisateur est imprimée.
admin-issued-before = Ce formulaire a déjà été envoyé. Le certificat est dans la liste ; sa phrase secrète a été affichée à ce moment-là.
admin-token-issued-before = Ce formulaire a déjà été envoyé. Le jeton est dans la liste ; il a été affiché à ce moment-là.
admin-certificate-dates = Période d’acceptation
    .about = Dans les limites de la validité du certificat. Laissez un jour vide pour que le certificat soit accepté aussi longtemps qu’il est lui-même valide. Pour aller au-delà, émettez-en un autre.
    .done = Les dates sont définies.
admin-certificate-dates-go = Définir les dates
admin-certificate-dates-wrong = Ces dates ne sont pas utilisables. Elles doivent être dans la période de validité du certificat, et le dernier jour ne doit pas précéder le premier.
admin-certificate-label = Nom donné ici
admin-sign = Signer la demande de certificat d’un appareil
    .about = Pour un appareil qui a créé sa propre clé et la garde. Le certificat est remis dans un fichier PEM.
admin-sign-file = Demande de certificat (fichier)
admin-sign-pem = Demande de certificat (texte)
    .hint = PKCS#10 au format PEM, à partir de « -----BEGIN CERTIFICATE REQUEST----- », sans extensions. Un fichier l’emporte sur un texte.
admin-sign-go = Signer
admin-sign-wrong-request = Cette demande de certificat ne peut pas être signée.
admin-import = Importer des certificats
    .about = Inscrit au registre des certificats émis par une autre autorité de certification, à partir d’un fichier : tous ou, si l’un d’eux ne peut pas être inscrit, aucun. Le fichier n’est pas conservé.
admin-import-file = Le fichier
    .hint = Un tableau (CSV en UTF-8) dont la première ligne nomme les colonnes : certificate (son empreinte SHA-256, ou le certificat lui-même en base64), user, machine, shared, label, valid_from, valid_until. Ou des certificats au format PEM. Jusqu’à 20 000 certificats, sans leurs clés privées.
admin-import-whose = Leurs titulaires
admin-import-by-table = Indiqués par le tableau
admin-import-by-common-name = PEM : l’utilisateur nommé dans le nom commun
admin-import-by-email = PEM : l’utilisateur nommé dans l’adresse e-mail
admin-import-by-upn = PEM : l’utilisateur nommé dans le nom principal (UPN)
admin-import-shared = PEM : partagés par plusieurs utilisateurs
admin-import-suffix = Fin de nom à retirer
    .hint = Seulement pour les noms en PEM, par exemple @example.com.
admin-import-check = Vérifier seulement
admin-import-go = Tout inscrire
admin-import-unread = Le fichier n’est pas utilisable. Rien n’a été inscrit.
admin-import-good = { $count ->
    [one] Le certificat peut être inscrit au registre. Choisissez de nouveau le fichier pour l’inscrire.
   *[other] Les { $count } certificats peuvent tous être inscrits au registre. Choisissez de nouveau le fichier pour les inscrire.
}
admin-import-wrong = { $count ->
    [one] Un certificat ne peut pas être inscrit au registre. Aucun n’a été inscrit.
   *[other] { $count } certificats ne peuvent pas être inscrits au registre. Aucun n’a été inscrit.
}
admin-import-problems = Ce qui ne va pas
admin-import-line = Ligne { $line }
admin-import-cut = Il y en a d’autres. Ils s’afficheront une fois ceux-ci corrigés.
admin-import-done = { $count ->
    [one] Le certificat est dans le registre.
   *[other] { $count } certificats sont dans le registre.
}
admin-sightings = Certificats présentés
    .about = Qui a présenté quel certificat, le plus récent d’abord. Un certificat inconnu ici mène au formulaire qui l’ajoute au registre.
    .empty = Personne n’a encore présenté de certificat.
admin-authorities = Autorités de certification
    .about = Les clés qui signent les certificats clients. Une politique fait confiance à ce qu’elles signent si la configuration indique le fichier authority/anchors.pem du répertoire d’état comme « bundle » sous « [trust] ».
    .empty = Il n’y a pas encore d’autorité de certification.
admin-authority-subject = Autorité de certification
admin-authority-root = Racine
admin-authority-issuing = Clé d’émission
admin-authority-imported = Importée
admin-authority-signs = Signe actuellement
admin-authority-counts = Reconnue
admin-authority-withdrawn = Confiance retirée
admin-authority-ends = Expiration
admin-authority-list = Liste de révocation
admin-form-register-certificate = Ajouter un certificat au registre
    .about = Fait accepter un certificat d’une autre autorité de certification pour un utilisateur, une machine ou plusieurs utilisateurs.
    .done = Le certificat est dans le registre.
admin-form-create-authority = Créer une autorité de certification
    .about = Crée une clé racine et, sous elle, la clé qui signe les certificats clients. Les deux sont conservées chiffrées.
    .done = L’autorité de certification est créée.
admin-form-renew-authority = Renouveler l’autorité de certification
    .about = Crée la clé qui succède à l’actuelle. Ce que l’actuelle a signé reste reconnu jusqu’à sa propre fin.
    .asks = Désormais, c’est la nouvelle clé qui signera. Les programmes tiers qui font confiance à la clé actuelle doivent aussi recevoir la nouvelle. Continuer ?
    .done = L’autorité de certification est renouvelée.
admin-form-import-authority = Importer une autorité de certification
    .about = Reprend une clé d’émission que possède votre organisation. C’est elle qui signe ensuite.
    .done = L’autorité de certification est importée.
admin-field-machine = Machine
admin-field-shared = Partagé par plusieurs utilisateurs
admin-field-organisation = Organisation
admin-field-chain = Certificats
admin-field-key = Clé privée
admin-hint-certificate = 64 chiffres hexadécimaux, avec ou sans deux-points. Indiquez un utilisateur ou une machine, ou cochez que le certificat est partagé.
admin-hint-organisation = Le nom affiché par les certificats et les navigateurs : de 1 à 48 caractères.
admin-hint-chain = PEM : le certificat de la clé et ceux au-dessus de lui.
admin-hint-key = PEM, non chiffrée, ECDSA sur P-256. Elle est conservée chiffrée et n’est plus jamais affichée.
admin-action-remove-certificate = Supprimer
    .confirm = { $count ->
        [one] Ce certificat sort du registre et est de nouveau accepté ou non selon la configuration. Pour l’écarter, désactivez-le plutôt. Les sessions qu’il a ouvertes prennent fin.
       *[other] Ces { $count } certificats sortent du registre et sont de nouveau acceptés ou non selon la configuration. Pour les écarter, désactivez-les plutôt. Les sessions qu’ils ont ouvertes prennent fin.
    }
    .done = { $count ->
        [one] { $count } certificat a été supprimé du registre.
       *[other] { $count } certificats ont été supprimés du registre.
    }
admin-action-withdraw-authority = Retirer la confiance
    .confirm = { $count ->
        [one] La confiance est retirée définitivement à cette clé. Tous les certificats qu’elle a signés sont révoqués, et leurs sessions prennent fin.
       *[other] La confiance est retirée définitivement à ces { $count } clés. Tous les certificats qu’elles ont signés sont révoqués, et leurs sessions prennent fin.
    }
    .done = { $count ->
        [one] La confiance a été retirée à { $count } clé.
       *[other] La confiance a été retirée à { $count } clés.
    }
admin-certificate-test = Tester un certificat
    .about = Indique à qui un certificat client serait attribué ici, et pourquoi il le serait ou non. Aucune session n’est ouverte, et rien n’est conservé.
admin-test-file = Certificat (fichier)
    .hint = PEM ou DER, sans sa clé privée. Avec lui, les certificats d’autorités qu’un client présenterait.
admin-test-pem = Certificat (texte)
admin-test-user = L’utilisateur supposé connecté
admin-test-go = Tester
admin-test-not-read = Le certificat ne peut pas être testé.
admin-test-nobody = Personne
admin-test-counts = Accepté
admin-test-counts-not = Non accepté
admin-test-by-register = Le registre indique à qui il appartient.
admin-test-by-mapping = Une règle de correspondance de la configuration indique à qui il appartient.
admin-test-by-nothing = Ni le registre ni une règle de correspondance de la configuration ne désigne quelqu’un.
admin-test-register = Dans le registre
admin-test-account = Compte de l’utilisateur
admin-test-switch = Certificats de l’utilisateur
admin-test-chain = Pour l’application
admin-test-trusts = Reconnu
admin-test-trusts-not = Non reconnu
admin-test-path = Autorités intermédiaires
admin-test-mapping = Règles de correspondance
admin-test-decides = décide
admin-test-finds-nobody = ne trouve personne
admin-action-enable-certificate = Activer
    .confirm = { $count ->
        [one] Ce certificat sera de nouveau accepté.
       *[other] Ces { $count } certificats seront de nouveau acceptés.
    }
    .done = { $count ->
        [one] { $count } certificat a été activé.
       *[other] { $count } certificats ont été activés.
    }
admin-action-disable-certificate = Désactiver
    .confirm = { $count ->
        [one] Ce certificat ne sera plus accepté avant d’être réactivé. Les sessions qu’il a ouvertes prennent fin.
       *[other] Ces { $count } certificats ne seront plus acceptés avant d’être réactivés. Les sessions qu’ils ont ouvertes prennent fin.
    }
    .done = { $count ->
        [one] { $count } certificat a été désactivé.
       *[other] { $count } certificats ont été désactivés.
    }
admin-action-revoke-certificate = Révoquer
    .confirm = { $count ->
        [one] Ce certificat sera révoqué définitivement et figurera dans la liste de révocation. Les sessions qu’il a ouvertes prennent fin.
       *[other] Ces { $count } certificats seront révoqués définitivement et figureront dans la liste de révocation. Les sessions qu’ils ont ouvertes prennent fin.
    }
    .done = { $count ->
        [one] { $count } certificat a été révoqué.
       *[other] { $count } certificats ont été révoqués.
    }
admin-patterns = Schémas
    .about = Les mots de passe à usage unique se lisent le long d’un schéma dans une grille de chiffres. Les premiers schémas s’attribuent sur la page des utilisateurs ; chaque utilisateur choisit le sien à la première connexion.
    .empty = Ni la méthode matrix ni token_matrix ne sont attribuées à un utilisateur.
admin-pattern-size = Taille de la grille
admin-pattern-origin = Écrit dans
admin-pattern-test = Ce schéma serait-il autorisé ?
    .hint = Les cases dans leur ordre, colonnes par lettre et lignes par numéro, phrases entre guillemets droits : A1 C3 "k7" K2 L4 E1 G2
admin-pattern-test-user = Selon les règles de cet utilisateur (vide : règles communes)
admin-pattern-test-submit = Tester
admin-pattern-allowed = Ce schéma serait autorisé.
admin-pattern-not-allowed = Ce schéma serait refusé :
admin-pattern-unreadable = Ce n’est pas un schéma de cette grille. Écrivez les cases comme A1, avec la lettre de la colonne et le numéro de la ligne, et les phrases entre guillemets droits.
admin-pattern-set = Choisi par l’utilisateur
admin-pattern-initial = Premier schéma
admin-pattern-expired = Premier schéma, expiré
admin-pattern-refused = Refusé par les règles actuelles : à changer à la prochaine connexion
admin-pattern-another-size = Pour une grille d’une autre taille : attribuez-en un nouveau
admin-pattern-notice = Notice à imprimer
admin-pattern-notices = Notices des premiers schémas
admin-pattern-notices-none = Il n’y a aucun premier schéma dont une notice puisse être imprimée.
admin-pattern-notices-without = Il n’y a pas de notice pour ces utilisateurs : ils ont choisi leur propre schéma, n’en ont pas, ou vous n’avez pas le droit de le voir.
admin-action-issue-pattern = Attribuer un premier schéma
    .confirm = Un schéma est tiré au sort pour chacun de ces utilisateurs, et une notice est rédigée. Leur ancien schéma et les sessions ouvertes avec lui prennent fin aussitôt.
    .done = { $count ->
        [one] Un premier schéma a été attribué.
       *[other] { $count } premiers schémas ont été attribués.
    }
admin-action-reset-pattern = Supprimer le schéma
    .confirm = Ces utilisateurs ne pourront plus se connecter avec un schéma tant que vous n’en aurez pas attribué un nouveau. Les sessions ouvertes avec lui prennent fin.
    .done = { $count ->
        [one] Un schéma a été supprimé.
       *[other] { $count } schémas ont été supprimés.
    }
admin-crl-current = À jour
admin-crl-ending = Nouvelle liste attendue
admin-crl-outdated = Périmée
admin-crl-missing = Pas encore lue
admin-crl-trust = Table dans [trust]
admin-crl-source = Lue depuis
admin-crl-made = Créée le
admin-crl-next = Prochaine mise à jour
admin-crl-revoked = Certificats révoqués
admin-crl-read = Dernière lecture
