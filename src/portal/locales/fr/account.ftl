## Account
account-nav = Compte
account-title = Votre compte
account-overview = Vue d’ensemble
account-sessions = Sessions
account-browsers = Navigateurs enregistrés
account-password = Mot de passe
account-authenticator = Application d’authentification
account-recovery = Codes de secours
account-email = Adresse e-mail
account-groups = Groupes
account-identity = Connexion avec { $provider }
account-set = Configuration :
account-none = Non configuré
account-codes-left = { $count ->
    [0] Aucun code restant
    [one] { $count } code restant
   *[other] { $count } codes restants
}
account-sessions-count = { $count ->
    [1] Celle-ci seulement
   *[other] { $count } en ce moment
}
account-browsers-count = { $count ->
    [0] Aucun
    [one] { $count } navigateur
   *[other] { $count } navigateurs
}
this-one = En cours d’utilisation
bound-one = Non copiable
never = jamais
cancel = Annuler
notice-password-changed = Votre mot de passe a été changé. Vos autres sessions sont terminées.
notice-session-ended = La session est terminée, ainsi que tout ce qui y était ouvert.
notice-others-ended = { $count ->
    [one] { $count } autre session est terminée.
   *[other] { $count } autres sessions sont terminées.
}
notice-browser-forgotten = Ce navigateur n’est plus enregistré, et ses sessions sont terminées.
notice-authenticator-added = Votre application d’authentification est configurée.
notice-authenticator-removed = L’application d’authentification a été supprimée.
notice-recovery-codes-made = Vous avez de nouveaux codes de secours. Les anciens ne fonctionnent plus.
notice-few-recovery-codes = { $count ->
    [one] Il ne vous reste que { $count } code de secours.
   *[other] Il ne vous reste que { $count } codes de secours.
}
notice-no-recovery-codes = Vous n’avez aucun code de secours. Si vous perdez votre téléphone, vous ne pourrez plus vous connecter.
notice-new-sign-in = Une connexion à votre compte a eu lieu depuis un nouvel endroit : { $address }.
notice-link-recovery = En créer de nouveaux
notice-link-sessions = Voir vos sessions
sessions-what = Tous les endroits où votre compte est connecté. Si vous ne reconnaissez pas une session, mettez-y fin et changez votre mot de passe.
sessions-last-seen = Dernière utilisation
sessions-since = Connexion
sessions-end = Mettre fin
sessions-end-others = Mettre fin à toutes les autres sessions
browsers-what = Certaines applications ne s’ouvrent que dans les navigateurs que vous avez enregistrés. Oubliez ceux que vous n’utilisez plus.
browsers-none = Aucun navigateur n’est enregistré pour vous. Une application qui en a besoin vous le demandera.
browsers-since = Enregistré
browsers-until = Expire le
browsers-way = Méthode
browsers-forget = Oublier
browser-way-number = nombre reporté sur le téléphone
browser-way-admin = un administrateur
browser-way-otp = mot de passe à usage unique
browser-way-link = lien à usage unique
change-password-title = Changer votre mot de passe
change-password-what = Toutes vos autres sessions prendront fin. Celle-ci continue.
change-password-submit = Changer le mot de passe
field-current-password = Mot de passe actuel
directory-password-title = Changer votre mot de passe de { $domain }
directory-password-what = Le mot de passe est changé dans l’annuaire lui-même et vaut partout où vous l’utilisez. Toutes vos autres sessions ici prendront fin. Celle-ci continue.
directory-password-link = Changer plutôt votre mot de passe de { $domain }
authenticator-what = Une application sur votre téléphone qui affiche un nouveau code toutes les 30 secondes.
authenticator-none = Aucune application d’authentification n’est configurée. Les applications qui demandent un mot de passe à usage unique ne vous sont pas encore accessibles.
authenticator-app = Application d’authentification
authenticator-since = Configurée le
authenticator-replace = Remplacer par une nouvelle
authenticator-remove = Supprimer
authenticator-remove-hint = Sans application d’authentification, les applications qui demandent un mot de passe à usage unique ne vous sont plus accessibles. Vos codes de secours sont supprimés en même temps.
authenticator-stays = Votre organisation exige une application d’authentification : vous pouvez la remplacer, mais pas la supprimer.
recovery-what = Si vous perdez votre téléphone : chacun de ces codes remplace un mot de passe à usage unique.
recovery-made = Création :
recovery-new-hint = Un nouveau jeu remplace l’ancien et n’est affiché qu’une fois.
recovery-new = Créer un nouveau jeu
recovery-needs-authenticator = Les codes de secours remplacent une application d’authentification. Configurez-en d’abord une.
fresh-title = Confirmez votre identité
fresh-what = { $count ->
    [one] Ce que vous voulez modifier protège votre compte. Pour cela, votre connexion doit dater de moins d’une minute.
   *[other] Ce que vous voulez modifier protège votre compte. Pour cela, votre connexion doit dater de moins de { $count } minutes.
}
fresh-then = Vous revenez ensuite directement là où vous étiez.
fresh-go = Confirmer
another-factor-title = Un mot de passe seul ne suffit pas ici
another-factor-what = Ce que vous voulez modifier protège votre compte. Seuls un second facteur ou un lien à usage unique remis par un administrateur le permettent, et vous n’avez aucun second facteur accepté ici.
another-factor-do = Demandez un lien à usage unique à votre administrateur. Il vous permet de configurer une application d’authentification ou un téléphone ; vous pourrez ensuite modifier tout le reste vous-même.
demanded-title = L’application d’authentification ne peut pas être supprimée
demanded-what = Une application à laquelle vous avez accès demande un mot de passe à usage unique : il vous faut donc garder une application d’authentification.
demanded-do = Si vous avez un nouveau téléphone, remplacez l’application d’authentification au lieu de la supprimer.

## Passkeys
account-passkeys = Clés d’accès
passkeys-what = Avec une clé d’accès, vous vous connectez par l’empreinte, le visage ou le code PIN de votre appareil. Personne ne peut la deviner, et elle ne fonctionne que sur ce site.
passkeys-none = Vous n’avez pas encore de clé d’accès.
passkeys-other-domain = n’est plus utilisable
passkeys-since = Ajoutée
passkeys-copies = Copies
passkey-copies-none = reste sur un seul appareil
passkey-copies-may = peut être copiée sur vos autres appareils
passkey-copies-are = est copiée sur vos autres appareils
passkeys-model = Modèle
passkeys-rename = Renommer
passkeys-rename-submit = Enregistrer le nom
passkey-field-name = Nom de la clé d’accès
passkey-hint-name = Pour que vous la reconnaissiez dans votre liste.
passkeys-remove = Supprimer
passkeys-remove-hint = Supprimez la clé d’accès d’un appareil perdu. Les autres sessions ouvertes avec elle prennent fin aussitôt. Si c’est la dernière, assurez-vous d’avoir un autre moyen de vous connecter.
passkeys-add = Ajouter une clé d’accès
passkeys-not-accepted = Aucune application n’accepte de clé d’accès ici pour le moment : vous ne pouvez donc pas en ajouter.
passkey-create = Créer une clé d’accès
passkey-not-made = Aucune clé d’accès n’a été créée : l’opération a été annulée ou a duré trop longtemps.
enrol-passkey-title = Créer une clé d’accès
enrol-passkey-why = Elle est créée pour { $user }, sur cet appareil ou sur un téléphone ou une clé de sécurité que votre navigateur propose.
passkey-too-many = Vous avez atteint le nombre maximal de clés d’accès. Supprimez-en une d’abord.
passkey-unavailable = Il n’est pas possible de créer une clé d’accès pour cette adresse. Prévenez votre administrateur.
passkey-model-refused = Votre organisation n’accepte que certains modèles de clés de sécurité, et celle-ci n’en fait pas partie.
passkey-synced-refused = Cette clé d’accès serait copiée sur d’autres appareils, ce que votre organisation n’autorise pas. Utilisez une clé de sécurité, ou une clé d’accès qui reste sur cet appareil.
notice-passkey-added = La clé d’accès est ajoutée. Vous pouvez désormais vous connecter avec elle.
notice-passkey-renamed = La clé d’accès a son nouveau nom.
notice-passkey-removed = La clé d’accès est supprimée. Elle n’ouvre plus rien.

## Company sign-ins
account-identities = Comptes d’entreprise
account-identities-count = { $count ->
    [0] Aucun compte associé
    [one] { $count } compte associé
   *[other] { $count } comptes associés
}
identities-what = Les comptes chez des fournisseurs d’identité avec lesquels vous vous connectez ici.
identities-none = Aucun compte d’entreprise n’est associé au vôtre.
identities-person = Compte chez le fournisseur
identities-since = Associé le
identities-remove = Dissocier
identities-remove-hint = Ce compte ne permettra plus de se connecter en votre nom, et les autres sessions ouvertes avec lui prennent fin aussitôt.
identities-add = Associer un compte de { $provider }
identities-add-hint = Vous vous y connectez encore une fois, pour que le compte de quelqu’un d’autre ne soit pas associé par erreur.
identities-not-assigned = Votre compte ici n’utilise pas de compte d’entreprise : aucun ne peut donc être associé. Votre administrateur peut changer cela.
last-way-title = C’est votre dernier moyen de vous connecter
last-way-what = Sans ce compte associé, vous ne pourriez plus vous connecter : il ne peut donc pas être dissocié.
last-way-do = Configurez d’abord un autre moyen : une clé d’accès, un téléphone ou un autre compte d’entreprise. Ou adressez-vous à votre administrateur.
notice-identity-linked = Le compte est associé. Vous pouvez désormais vous connecter avec lui.
notice-identity-linked-already = Ce compte était déjà associé au vôtre.
notice-identity-unlinked = Le compte est dissocié. Il ne permet plus de se connecter en votre nom.
account-pattern = Schéma
notice-pattern-changed = Votre schéma a été changé. Vos autres sessions sont terminées.
