## Messages by mail. Each comes in the language of its reader, and in English and Japanese where that is unknown.
## “mail-account” and “mail-link” are the messages; the others are the sentences in them, with the subject.
mail-account =
    Bonjour { $name },

    { $sentence }

    Utilisateur : { $user }
    Date et heure : { $time }
    Adresse : { $address }

    Si ce n’était pas vous, prévenez immédiatement vos administrateurs.
mail-link =
    Bonjour { $name },

    { $sentence }

    { $url }

    Cette adresse ne sert qu’une fois, jusqu’au { $until }. Ne la donnez à personne.

    Utilisateur : { $user }
mail-new-place = Une connexion à votre compte a eu lieu depuis un réseau que vous n’aviez pas utilisé récemment ({ $browser }).
    .subject = Connexion depuis un nouvel endroit
mail-browser-registered = Un navigateur a été enregistré pour votre compte : « { $browser } ».
    .subject = Un navigateur a été enregistré
mail-browser-forgotten = Le navigateur « { $browser } » n’est plus enregistré, et ses sessions sont terminées.
    .subject = Un navigateur enregistré a été supprimé
mail-password-changed = Votre mot de passe a été changé, et vos autres sessions sont terminées.
    .subject = Votre mot de passe a été changé
mail-pattern-set = Un schéma a été défini pour votre compte.
    .subject = Votre schéma a été défini
mail-transaction-password-set = Le mot de passe que vos transactions demandent a été défini.
    .subject = Votre mot de passe de transaction a été défini
mail-password-set-by-link = Votre mot de passe a été défini au moyen d’un lien à usage unique.
    .subject = Votre mot de passe a été défini
mail-authenticator-set-up = Une application d’authentification a été configurée pour votre compte.
    .subject = Une nouvelle application d’authentification a été configurée
mail-authenticator-replaced = Votre application d’authentification a été remplacée par une nouvelle.
    .subject = Une nouvelle application d’authentification a été configurée
mail-authenticator-set-up-by-link = Une application d’authentification a été configurée pour votre compte au moyen d’un lien à usage unique.
    .subject = Une nouvelle application d’authentification a été configurée
mail-authenticator-removed = Votre application d’authentification et ses codes de secours ont été supprimés de votre compte.
    .subject = Votre application d’authentification a été supprimée
mail-recovery-codes-renewed = De nouveaux codes de secours ont été créés pour votre compte. Les anciens ne fonctionnent plus.
    .subject = De nouveaux codes de secours ont été créés
mail-approver-registered = Un téléphone a été enregistré pour approuver vos connexions : « { $phone } ».
    .subject = Un téléphone a été enregistré
mail-approver-removed = Le téléphone « { $phone } » n’approuve plus vos connexions.
    .subject = Un téléphone a été supprimé
mail-passkey-added = La clé d’accès « { $passkey } » a été ajoutée à votre compte.
    .subject = Une clé d’accès a été ajoutée
mail-passkey-added-by-link = La clé d’accès « { $passkey } » a été ajoutée à votre compte au moyen d’un lien à usage unique.
    .subject = Une clé d’accès a été ajoutée
mail-passkey-removed = La clé d’accès « { $passkey } » a été supprimée, et les autres sessions ouvertes avec elle sont terminées.
    .subject = Une clé d’accès a été supprimée
mail-identity-linked = Un compte de « { $provider } » a été associé au vôtre : il permet désormais de se connecter en votre nom.
    .subject = Un compte d’entreprise a été associé
mail-identity-unlinked = Le compte de « { $provider } » a été dissocié du vôtre, et les autres sessions ouvertes avec lui sont terminées.
    .subject = Un compte d’entreprise a été dissocié
mail-device-approved = Votre administrateur a approuvé le navigateur « { $browser } ». Connectez-vous avec lui comme d’habitude.
    .subject = Votre navigateur a été approuvé
mail-device-rejected = Votre administrateur a refusé votre demande pour le navigateur « { $browser } ». Il ne peut pas servir à vous connecter. Si vous en avez besoin, adressez-vous à votre administrateur.
    .subject = Votre demande a été refusée
mail-device-revoked = Votre administrateur a révoqué le navigateur « { $browser } ». Ses sessions sont terminées. Si vous en avez encore besoin, refaites une demande à votre prochaine connexion.
    .subject = Votre navigateur a été révoqué
mail-device-applied = L’utilisateur { $who } a fait une demande pour un navigateur. Approuvez-la ou refusez-la dans l’administration, sous « Appareils ». L’adresse ci-dessous est celle d’où vient la demande.
    .subject = Un utilisateur a fait une demande pour un navigateur
mail-somebody-else-asked = Vous avez refusé une connexion et répondu que ce n’était pas vous. Aucune connexion n’a eu lieu. Changez votre mot de passe maintenant.
    .subject = Quelqu’un a essayé de se connecter en votre nom
mail-user-denied-sign-in = L’utilisateur { $who } a refusé une connexion sur le téléphone et répondu que c’était quelqu’un d’autre. Aucune connexion n’a eu lieu.
    .subject = Un utilisateur a signalé une connexion par quelqu’un d’autre
mail-pattern =
    Bonjour { $name },

    { $sentence }

    ★ Connexion avec un schéma

    1. Ouvrez cette adresse : { $url }

    2. Saisissez votre nom d’utilisateur et, si un domaine peut être choisi, choisissez-le.
       Utilisateur : { $user }
       Domaine : { $domain }

    3. Lisez le mot de passe à usage unique dans la grille affichée à l’écran : les chiffres des cases numérotées, dans l’ordre des numéros. ※ marque une case à ne pas lire.

    { $drawing }

       Saisissez ensuite, après les chiffres : { $phrase }

    4. Choisissez votre propre schéma : saisissez-le trois fois, à chaque fois avec une nouvelle grille.

    Ce premier schéma est utilisable jusqu’au { $until }. Ne le montrez à personne.
mail-pattern-issued = Voici votre premier schéma.
    .subject = Votre premier schéma
mail-certificate =
    Bonjour { $name },

    { $sentence }

    Noms : { $certificate }
    Expiration : { $ends }
    Dernière erreur : { $trouble }

    Pour en savoir plus : la page « Certificats de la passerelle » de l’administration, ou « sekisho tls list ».
mail-certificate-ends-soon = Un certificat de la passerelle expire bientôt, et aucun nouveau n’est disponible. Passé cette date, les navigateurs refuseront la passerelle et toutes les applications derrière elle.
    .subject = Un certificat de la passerelle expire bientôt
mail-certificate-ended = Un certificat de la passerelle a expiré, et aucun nouveau n’est disponible. Les navigateurs refusent la passerelle et les applications derrière elle.
    .subject = Un certificat de la passerelle a expiré
mail-certificate-missing = Un certificat de la passerelle n’a pas encore pu être émis. D’ici là, la passerelle n’est pas accessible sous ces noms.
    .subject = Il manque un certificat de la passerelle
mail-reminder =
    Bonjour { $name },

    { $sentence }

    Certificat : { $certificate }
    Dernier jour : { $end } (jours restants : { $left })
    { $url }

    Utilisateur : { $user }
mail-certificate-ending = Votre certificat expire bientôt. Passé cette date, les applications qui le demandent ne s’ouvriront plus. Demandez-en un nouveau à votre administrateur.
    .subject = Votre certificat expire bientôt
mail-certificate-followed = Votre certificat expire bientôt et le nouveau est prêt. Installez-le avant le dernier jour : d’ici là, les deux sont valides.
    .subject = Votre certificat expire bientôt : installez le nouveau
mail-link-invitation = Pour définir un mot de passe et configurer une application d’authentification pour votre compte, ouvrez cette adresse :
    .subject = Votre compte
mail-link-reset-password = Pour définir un nouveau mot de passe pour votre compte, ouvrez cette adresse :
    .subject = Un nouveau mot de passe
mail-link-reset-totp = Pour configurer une nouvelle application d’authentification pour votre compte, ouvrez cette adresse :
    .subject = Une nouvelle application d’authentification
mail-link-reset-passkey = Pour créer une clé d’accès pour votre compte, ouvrez cette adresse sur l’appareil avec lequel vous vous connectez :
    .subject = Une clé d’accès
mail-link-browser = Pour enregistrer le navigateur avec lequel vous vous connecterez, ouvrez-y cette adresse :
    .subject = Votre navigateur
mail-link-approver = Pour enregistrer le téléphone avec lequel vous approuverez vos connexions, ouvrez-y cette adresse :
    .subject = Votre téléphone
