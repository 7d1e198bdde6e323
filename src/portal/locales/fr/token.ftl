### Schémas lus sur la grille d’un téléphone

token-title = Se connecter avec votre schéma et votre téléphone
token-hint = Ouvrez votre page sur le téléphone, lisez les chiffres de sa grille en suivant votre schéma et saisissez-les ici, avec votre phrase si vous en avez une. Chaque grille ne sert qu’à une connexion.
token-use = Utiliser plutôt la grille du téléphone
token-table-here = Utiliser plutôt une grille sur cette page
problem-wrong-token = Le nom d’utilisateur ou le mot de passe à usage unique est incorrect. Attendez la grille suivante sur le téléphone, vérifiez votre nom et relisez les chiffres.
approver-table-what = Lisez les chiffres de cette grille en suivant votre schéma et saisissez-les sur la page de connexion. Chaque grille ne sert qu’à une connexion.
approver-table-left = Grille suivante dans {"{}"} s
approver-table-clock = Heure de la grille : {"{}"}
    .offline = Il n’y a pas de connexion. La grille est bonne s’il est maintenant {"{}"}.
    .behind = L’horloge de ce téléphone retarde de {"{}"}. La grille suit néanmoins l’heure exacte.
    .ahead = L’horloge de ce téléphone avance de {"{}"}. La grille suit néanmoins l’heure exacte.
    .was-behind = Lors de la dernière connexion, l’horloge de ce téléphone retardait de {"{}"}. La grille en tient compte.
    .was-ahead = Lors de la dernière connexion, l’horloge de ce téléphone avançait de {"{}"}. La grille en tient compte.
approver-table-none = Ce téléphone n’affiche plus de grille pour cet utilisateur. Rechargez la page.
