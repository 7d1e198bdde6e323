## The account's phones
account-approvers = Téléphones
approvers-what = Ces téléphones approuvent vos connexions et ouvrent votre formulaire de connexion.
approvers-none = Aucun téléphone n’est enregistré.
approvers-by-passkey = Jusqu’à ce que vous en enregistriez un, vous approuvez avec votre clé d’accès : la page de connexion affiche un code, vous le lisez avec votre téléphone, et celui-ci demande la clé d’accès. Aucune notification n’est envoyée.
approvers-agent = Navigateur
approvers-remove = Supprimer
approvers-add = Ajouter un téléphone
approvers-full = { $count ->
    [one] { $count } téléphone est enregistré, c’est la limite. Supprimez-le pour en ajouter un autre.
   *[other] { $count } téléphones sont enregistrés, c’est la limite. Supprimez-en un pour en ajouter un autre.
}
approvers-administrators-add = Ici, les téléphones sont ajoutés par un administrateur : demandez-lui un lien.
approvers-suspended = Vos approbations sont suspendues. Adressez-vous à un administrateur.
approvers-locked = Vos approbations sont verrouillées après des réponses incorrectes. Adressez-vous à un administrateur.
notice-approver-removed = Le téléphone est supprimé.
notice-approver-added = Le téléphone est enregistré.
approver-add-title = Ajouter un téléphone
approver-add-scan = Scannez ceci avec le téléphone qui approuvera pour vous.
approver-add-here = Ou ouvrez cette adresse sur ce téléphone. Le premier appareil qui l’ouvre est enregistré : ne montrez cette adresse à personne.
approver-add-until = Utilisable une seule fois, jusqu’au
approver-add-approve = Approuvez ceci sur un téléphone déjà enregistré.
approver-add-over = La demande n’a pas été approuvée.
approver-qr-label = Code QR de l’adresse ci-dessous
excluded-title = L’un ou l’autre
excluded-what = Ici, vous pouvez avoir un téléphone ou une application d’authentification, mais pas les deux, et vous avez déjà l’autre.
excluded-do = Supprimez d’abord l’autre, ou adressez-vous à un administrateur.
not-allowed-title = Réservé aux administrateurs
not-allowed-what = L’ajout et la suppression de téléphones sont réservés aux administrateurs.
not-allowed-do = Adressez-vous à un administrateur.
too-many-title = Pas de place pour un autre téléphone
too-many-what = Le nombre maximal de téléphones est atteint.
too-many-do = Supprimez-en un d’abord.
