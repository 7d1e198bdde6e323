### Tables of digits and patterns
matrix-title = Se connecter avec votre schéma
matrix-caption = Grille de chiffres
matrix-block = Bloc { $number }
field-answer = Mot de passe à usage unique
matrix-hint = Lisez les chiffres en suivant votre schéma et saisissez-les au clavier, avec votre phrase si vous en avez une. Cette grille ne sert qu’une fois, dans les 3 minutes.
matrix-submit = Se connecter
matrix-name-first = Saisissez votre nom d’utilisateur. La grille de chiffres s’affiche ensuite.
matrix-next = Suivant
matrix-use = Se connecter plutôt avec votre schéma
matrix-other = Se connecter autrement
problem-wrong-answer = Le nom d’utilisateur ou le mot de passe à usage unique est incorrect. Voici une nouvelle grille : vérifiez votre nom d’utilisateur et relisez les chiffres.
problem-table-over = Cette grille a déjà servi ou date de plus de 3 minutes. En voici une nouvelle : relisez les chiffres.
pattern-title = Choisir votre propre schéma
pattern-change-title = Changer votre schéma
pattern-initial-what = Le schéma que vous avez utilisé a été créé pour vous et ne sert qu’à cette première connexion. Choisissez-en un que vous seul connaissez pour continuer.
pattern-unfit-what = Les règles des schémas ont changé et le vôtre ne les respecte plus. Choisissez-en un autre pour continuer.
pattern-change-what = Le schéma actuel reste valable jusqu’à ce que la troisième saisie du nouveau soit correcte. Vos autres sessions prennent alors fin.
pattern-entry = Saisie { $number } sur 3
pattern-entry-first = Choisissez des cases et leur ordre. Lisez leurs chiffres dans la grille et saisissez-les, avec votre phrase où vous voulez.
pattern-entry-again = La grille a changé. Lisez les mêmes cases dans le même ordre et saisissez la même phrase au même endroit.
pattern-hint = Les chiffres de vos cases, dans votre ordre. Rien ne peut être cliqué dans la grille.
pattern-submit-next = Suivant
pattern-submit-last = Enregistrer le schéma
pattern-help = Aide : afficher les étapes
pattern-help-choose = Choisissez les cases à lire et leur ordre. Elles peuvent se suivre dans toutes les directions ou être éloignées, et une même case peut servir plusieurs fois.
pattern-help-read = Saisissez les chiffres affichés dans ces cases. Vous pouvez ajouter une phrase à vous, avant, entre ou après les chiffres ; elle reste toujours la même.
pattern-help-thrice = Faites cela trois fois. Les chiffres changent, les cases restent les mêmes.
pattern-rules = Règles des schémas
pattern-rule-length = Un schéma lit de { $shortest } à { $longest } cases, chacune comptée autant de fois qu’elle est lue.
pattern-rule-distinct = Au moins { $count } de ces cases sont différentes.
pattern-rule-one-stroke = Il ne peut pas être tracé d’un seul trait : au moins une fois, la case suivante ne touche pas la précédente, ni par un côté ni par un coin.
pattern-rule-every-block = Il utilise au moins une case de chaque bloc.
pattern-rule-forbidden = Certains schémas simples sont interdits.
pattern-rule-no-phrase = Aucune phrase n’est autorisée.
pattern-rule-phrase = Une phrase compte de { $shortest } à { $longest } caractères.
pattern-rule-characters = Une phrase peut contenir des lettres sans accent, des chiffres et des symboles, mais ni virgule, ni deux-points, ni espace. Les majuscules comptent.
pattern-refused = Ce schéma n’a pas été accepté. Recommencez à la première saisie :
pattern-refused-as-before = C’est le schéma actuel. Choisissez-en un autre.
pattern-refused-empty = Rien n’a été saisi. Lisez les chiffres de vos cases dans la grille.
pattern-refused-much = La saisie est trop longue. Lisez moins de cases.
pattern-refused-lengths = Les trois saisies n’ont pas la même longueur. Lisez chaque fois les mêmes cases.
pattern-refused-disagree = À la position { $place }, les saisies ne correspondent pas à une seule case. Lisez chaque fois la même case ou saisissez le même caractère.
pattern-refused-character = Le caractère « { $character } » n’est pas autorisé. Utilisez des lettres sans accent, des chiffres et des symboles, sauf la virgule et les deux-points.
pattern-refused-shape = La taille de la grille a changé. Lisez vos cases dans celle-ci.
pattern-refused-too-short = { $count ->
    [one] Il lit { $count } case. Il en faut au moins { $shortest }.
   *[other] Il lit { $count } cases. Il en faut au moins { $shortest }.
}
pattern-refused-too-long = { $count ->
    [one] Il lit { $count } case. Il en faut au plus { $longest }.
   *[other] Il lit { $count } cases. Il en faut au plus { $longest }.
}
pattern-refused-few-cells = { $count ->
    [one] Il ne lit que { $count } case différente. Il en faut au moins { $needed }.
   *[other] Il ne lit que { $count } cases différentes. Il en faut au moins { $needed }.
}
pattern-refused-one-stroke = Il peut être tracé d’un seul trait. Sautez au moins une fois à une case qui ne touche pas la précédente.
pattern-refused-blocks = Aucune de ses cases n’est dans le bloc { $blocks }. Chaque bloc doit servir.
pattern-refused-forbidden = C’est l’un des schémas simples interdits. Choisissez-en un autre.
pattern-refused-phrase-short = { $count ->
    [one] Sa phrase compte { $count } caractère. Il en faut au moins { $shortest }.
   *[other] Sa phrase compte { $count } caractères. Il en faut au moins { $shortest }.
}
pattern-refused-phrase-long = { $count ->
    [one] Sa phrase compte { $count } caractère. Il en faut au plus { $longest }.
   *[other] Sa phrase compte { $count } caractères. Il en faut au plus { $longest }.
}
pattern-notice-title = Connexion de { $name }
pattern-notice-what = Cette page sert à votre première connexion à { $organisation }.
pattern-notice-method = Connexion avec un schéma
pattern-notice-open = Ouvrez cette adresse dans un navigateur :
pattern-notice-name = Saisissez votre nom d’utilisateur. Si un domaine peut être choisi, choisissez celui-ci :
pattern-notice-read = Lisez le mot de passe à usage unique dans la grille affichée à l’écran : les chiffres des cases numérotées, dans l’ordre des numéros.
pattern-notice-drawing = Votre premier schéma : ※ marque une case à ne pas lire
pattern-notice-phrase = Saisissez ensuite, après les chiffres :
pattern-notice-set = Choisissez votre propre schéma : saisissez-le trois fois, à chaque fois avec une nouvelle grille.
pattern-notice-until = Ce premier schéma est utilisable jusqu’au
pattern-notice-keep = Gardez cette page pour vous et détruisez-la une fois votre schéma choisi.
