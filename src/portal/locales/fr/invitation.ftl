## Invitation
invitation-steps = Trois choses à configurer
invitation-step-password = Mot de passe
invitation-step-authenticator = Application d’authentification
invitation-step-recovery = Codes de secours
step-user = Votre nom d’utilisateur :
welcome-title = Bienvenue
welcome-heading = Bienvenue, { $name }
welcome-what = { $organisation } vous ouvre un compte. Il y a trois choses à configurer, en cinq minutes environ. Gardez votre téléphone à portée de main.
welcome-plan-password = Choisir un mot de passe.
welcome-plan-authenticator = Configurer une application d’authentification sur votre téléphone.
welcome-plan-recovery = Conserver vos codes de secours, au cas où vous perdriez votre téléphone.
welcome-begin = Commencer
welcome-expires = Ce lien ne sert qu’une fois, jusqu’au
set-password-title = Choisir un mot de passe
set-password-why = Mieux vaut long que compliqué : quelques mots sans rapport entre eux font un bon mot de passe. Un gestionnaire de mots de passe est bienvenu.
set-password-submit = Définir le mot de passe
field-new-password = Nouveau mot de passe
field-new-password-hint = { $count ->
    [one] Au moins { $count } caractère. Les espaces et toutes les lettres sont acceptés.
   *[other] Au moins { $count } caractères. Les espaces et toutes les lettres sont acceptés.
}
field-again = Confirmez le nouveau mot de passe
password-problem-wrong-current = Ce n’est pas votre mot de passe actuel.
password-problem-too-short = { $count ->
    [one] Le nouveau mot de passe est trop court : il faut au moins { $count } caractère.
   *[other] Le nouveau mot de passe est trop court : il faut au moins { $count } caractères.
}
password-problem-too-long = { $count ->
    [one] Le nouveau mot de passe est trop long : { $count } caractère au plus est accepté.
   *[other] Le nouveau mot de passe est trop long : { $count } caractères au plus sont acceptés.
}
password-problem-not-the-same = Les deux saisies diffèrent. Saisissez deux fois le nouveau mot de passe.
password-problem-as-before = C’est votre mot de passe actuel. Choisissez-en un autre.
password-problem-too-common = Ce mot de passe est facile à deviner. Choisissez-en un moins courant, qui ne contient pas votre nom.
enrol-title = Configurer une application d’authentification
enrol-why = Désormais, une application sur votre téléphone vous affiche un nouveau code toutes les 30 secondes : votre mot de passe à usage unique.
enrol-replaces = La nouvelle application d’authentification remplace l’actuelle. L’ancienne ne fonctionne plus dès que vous confirmez.
enrol-scan = Ouvrez une application d’authentification sur votre téléphone et scannez cette image.
enrol-qr-label = Code QR contenant la clé pour votre application d’authentification
enrol-open = Ouvrir dans l’application de cet appareil
    .what = Pour une application d’authentification sur cet appareil même. Si rien ne s’ouvre, copiez la clé ci-dessous.
copy = Copier
    .done = Copié.
    .failed = La copie a échoué. Le texte est sélectionné : copiez-le à la main.
enrol-by-hand = Impossible de scanner ? Saisissez la clé à la main
enrol-key = Clé
enrol-account = Compte
enrol-kind = Type
enrol-kind-value = Basé sur l’heure, 6 chiffres, 30 secondes
enrol-field-code = Saisissez les six chiffres que l’application affiche maintenant
enrol-submit = Confirmer
enrol-problem-wrong-code = Ce code ne correspond pas à cette clé. Vérifiez que la date et l’heure de votre téléphone sont réglées automatiquement, puis saisissez le code suivant.
recovery-codes-title = Conservez vos codes de secours
recovery-codes-why = Si vous perdez votre téléphone, l’un de ces codes vous permet de vous connecter. Chacun ne sert qu’une fois.
recovery-codes-once = Ils ne sont affichés que maintenant. Conservez-les avec vos autres objets de valeur, pas sur le même téléphone.
recovery-codes-save = Enregistrer dans un fichier texte
recovery-codes-print = Ou imprimez cette page : seuls les codes sont imprimés.
recovery-codes-kept = Je les ai conservés
recovery-codes-file = Codes de secours pour { $organisation }
done-title = Tout est prêt
done-what = Votre compte est prêt. Connectez-vous une fois avec votre nouveau mot de passe et un code affiché sur votre téléphone.
done-sign-in = Aller à la connexion
dead-link-title = Ce lien ne fonctionne plus
dead-link-used = Il a déjà servi. Chaque lien ne sert qu’une fois.
dead-link-expired = Il a expiré.
dead-link-unknown = Ce lien n’est pas connu ici. Il est peut-être incomplet, ou il a été annulé.
dead-link-do = Demandez un nouveau lien à votre administrateur. Si ce n’est pas vous qui l’avez utilisé, signalez-le-lui.
printed-title = Accès pour { $name }
printed-invitation-what = Cette feuille ouvre votre compte chez { $organisation }. Configurez-le vous-même ; personne d’autre n’a besoin de la voir.
printed-reset-what = Avec cette feuille, vous configurez de nouveau votre accès à { $organisation }.
printed-qr-label = Code QR du lien
printed-scan = Scannez l’image avec votre téléphone, ou saisissez cette adresse sur votre ordinateur :
printed-until = Ne sert qu’une fois, jusqu’au
printed-keep = Toute personne qui a cette feuille peut l’utiliser. Gardez-la pour vous et détruisez-la lorsque vous avez terminé.
printed-how = Imprimez cette page et remettez-la en main propre. Le lien ne sera plus affiché.
back = Retour

## A browser
link-browser-what = Votre administrateur vous a donné ce lien pour que ce navigateur soit enregistré pour vous.
link-browser-lasts = { $days ->
    [one] Il reste enregistré pendant { $days } jour.
   *[other] Il reste enregistré pendant { $days } jours.
}
link-browser-submit = Enregistrer ce navigateur
