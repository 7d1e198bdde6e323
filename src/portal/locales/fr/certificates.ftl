## Own certificates: the page where they are fetched, and how they are installed
account-certificates = Certificats
own-certificates-what = Les certificats émis pour vous, pour l’un de vos groupes ou pour tout utilisateur. Installez-les sur vos appareils : les applications qui demandent un certificat pourront alors s’ouvrir.
own-certificates-passphrase = La phrase secrète nécessaire à l’installation d’un certificat ne figure pas ici. Votre administrateur vous la remet par un autre moyen.
own-certificates-help = Comment installer un certificat, selon l’appareil
own-certificates-none = Aucun certificat n’a été émis pour vous. Si une application en demande un, adressez-vous à votre administrateur.
own-certificate-counts = Valide
own-certificate-not-yet = Pas encore valide
own-certificate-ended = Expiré
own-certificate-disabled = Désactivé
own-certificate-revoked = Révoqué
own-certificate-first-day = Premier jour
own-certificate-last-day = Dernier jour
own-certificate-group = Pour les membres du groupe
own-certificate-whose = Pour
own-certificate-anybody = Tout utilisateur
own-certificate-p12 = Télécharger pour tous les appareils (.p12)
own-certificate-profile = Télécharger pour iPhone, iPad et Mac (.mobileconfig)
own-certificate-pem = Télécharger le certificat (.pem)
notice-certificate-ends = { $count ->
    [0] L’un de vos certificats expire aujourd’hui. Demandez-en un nouveau à votre administrateur.
    [one] L’un de vos certificats expire dans { $count } jour. Demandez-en un nouveau à votre administrateur.
   *[other] L’un de vos certificats expire dans { $count } jours. Demandez-en un nouveau à votre administrateur.
}
notice-certificate-followed = { $count ->
    [0] L’un de vos certificats expire aujourd’hui. Le nouveau est prêt : installez-le maintenant.
    [one] L’un de vos certificats expire dans { $count } jour. Le nouveau est prêt : installez-le maintenant.
   *[other] L’un de vos certificats expire dans { $count } jours. Le nouveau est prêt : installez-le maintenant.
}
notice-link-certificates = Voir vos certificats
refusal-certificate-help = Comment installer un certificat et le choisir
help-title = Installer votre certificat
help-need = Il vous faut deux choses : le fichier de la page « Certificats » de votre compte, et la phrase secrète que votre administrateur vous a remise par un autre moyen.
help-open = Ouvrir vos certificats
help-devices = Choisissez votre appareil
help-install = installation
help-check = Vérifier qu’il est installé
help-use = Ce qui s’affiche à la connexion
help-fails = Si cela ne fonctionne pas
    .windows = L’application indique qu’il manque un certificat : fermez toutes les fenêtres du navigateur ou redémarrez l’appareil, puis rouvrez l’application. Les navigateurs retiennent une réponse précédente, et les fenêtres privées ne proposent souvent pas de certificats.
    .passphrase = La phrase secrète est refusée : saisissez-la avec ses traits d’union et en minuscules. Elle ne contient ni 0, ni 1, ni l, ni o. Le copier-coller évite les erreurs.
    .older = La phrase secrète est correcte, mais le fichier ne s’ouvre pas : le système est sans doute ancien. Demandez à votre administrateur un fichier pour appareils anciens.
    .ended = La page indique que le certificat est expiré, désactivé ou révoqué : regardez sur la page « Certificats » s’il y en a un nouveau.
    .ask = Dans les autres cas, communiquez à votre administrateur le code et le numéro de requête de la page de refus.
help-ios = iPhone et iPad
    .one = Ouvrez ce site dans Safari, allez dans votre compte, « Certificats », et téléchargez le fichier pour iPhone, iPad et Mac. Autorisez le téléchargement du profil.
    .two = Ouvrez l’app Réglages et touchez « Profil téléchargé » en haut. S’il n’y est pas, regardez dans Général, VPN et gestion de l’appareil.
    .three = Touchez Installer, saisissez le code de l’appareil, puis la phrase secrète du certificat. Il est normal que le profil ne soit pas signé.
    .check = Dans Réglages, Général, VPN et gestion de l’appareil figure un profil au nom de votre certificat.
    .use = Ouvrez l’application dans Safari. Si Safari demande quel certificat utiliser, choisissez le vôtre. La question vient à la première utilisation, puis après un certain temps.
    .fails = Utilisez Safari : les autres navigateurs sur iPhone et iPad ne peuvent souvent pas présenter de certificat.
help-android = Android
    .one = Ouvrez ce site dans Chrome, allez dans votre compte, « Certificats », et téléchargez le fichier pour tous les appareils.
    .two = Ouvrez le fichier téléchargé. Si rien ne se passe, cherchez « Installer un certificat » dans les Paramètres, choisissez « Certificat utilisateur pour VPN et applications », puis le fichier.
    .three = Saisissez la phrase secrète, gardez le nom proposé et confirmez. Si l’usage est demandé, choisissez VPN et applications.
    .check = Dans les Paramètres, cherchez « Identifiants de l’utilisateur » : votre certificat est dans la liste. Android 8 et les versions antérieures n’ont pas cette liste : passez cette étape.
    .use = Ouvrez l’application dans Chrome. Une liste de certificats apparaît : choisissez le vôtre et confirmez. Elle apparaît à la première utilisation, puis après un certain temps.
    .fails = Android n’installe de certificats que si un verrouillage d’écran est défini : définissez-en un et réinstallez le fichier. Utilisez Chrome.
help-macos = Mac
    .one = Ouvrez ce site dans Safari, allez dans votre compte, « Certificats », et téléchargez le fichier pour iPhone, iPad et Mac.
    .two = Ouvrez Réglages Système et cherchez « Gestion des appareils » dans Général (« Profils » dans les versions antérieures). Double-cliquez sur le profil téléchargé.
    .three = Cliquez sur Installer, saisissez la phrase secrète du certificat et, si on vous le demande, le mot de passe du Mac.
    .check = Dans Trousseaux d’accès, sous Mes certificats, figure votre certificat, avec une clé privée en dessous.
    .use = Ouvrez l’application dans Safari ou Chrome et choisissez votre certificat. Si le trousseau le demande, saisissez le mot de passe du Mac et choisissez « Toujours autoriser ».
    .fails = Si Firefox ne propose pas le certificat, installez-le aussi dans Firefox : choisissez « Firefox » ci-dessus.
help-windows = Windows
    .one = Ouvrez ce site dans Edge ou Chrome, allez dans votre compte, « Certificats », et téléchargez le fichier pour tous les appareils.
    .two = Double-cliquez sur le fichier téléchargé. Choisissez « Utilisateur actuel » et cliquez sur Suivant jusqu’à la demande de mot de passe.
    .three = Saisissez-y la phrase secrète. Laissez la sélection automatique du magasin, puis cliquez sur Terminer.
    .check = Appuyez sur la touche Windows et R, saisissez certmgr.msc et regardez sous Personnel, Certificats : le vôtre est dans la liste.
    .use = Ouvrez l’application dans Edge ou Chrome, choisissez votre certificat dans la liste et cliquez sur OK.
    .fails = Si Firefox ne propose pas le certificat, installez-le aussi dans Firefox : choisissez « Firefox » ci-dessus.
help-firefox = Firefox
    .one = Sur ce site, allez dans votre compte, « Certificats », et téléchargez le fichier pour tous les appareils.
    .two = Dans Firefox, ouvrez Paramètres, Vie privée et sécurité, et cliquez sur Afficher les certificats. Choisissez « Vos certificats » et cliquez sur Importer.
    .three = Choisissez le fichier téléchargé et saisissez la phrase secrète. Si Firefox demande un mot de passe principal, c’est celui que vous avez défini dans Firefox.
    .check = Votre certificat est dans la liste « Vos certificats ».
    .use = Ouvrez l’application. Firefox demande quel certificat présenter : choisissez le vôtre et cliquez sur OK.
    .fails = Dans Afficher les certificats, « Décisions d’authentification », supprimez la ligne de l’application, puis rouvrez-la.
help-chromium = Chrome et Chromium sous Linux
    .one = Sur ce site, allez dans votre compte, « Certificats », et téléchargez le fichier pour tous les appareils.
    .two = Ouvrez Paramètres, Confidentialité et sécurité, Sécurité, Gérer les certificats, choisissez « Vos certificats » et cliquez sur Importer.
    .three = Choisissez le fichier téléchargé et saisissez la phrase secrète.
    .check = Votre certificat est dans la liste « Vos certificats ».
    .use = Ouvrez l’application, choisissez votre certificat dans la liste et cliquez sur OK.
    .fails = Un navigateur installé par Snap ou Flatpak a son propre magasin : importez le fichier dans ce navigateur même.
