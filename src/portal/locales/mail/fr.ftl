mail-reminder =
    Bonjour { $name },

    { $sentence }

    Certificat : { $certificate }
    Dernier jour : { $end } (jours restants : { $left })
    { $url }

    Utilisateur : { $user }
mail-certificate-ending = Votre certificat expire bientôt. Passé cette date, les applications qui le demandent ne s’ouvriront plus. Demandez-en un nouveau à votre administrateur.
    .subject = Votre certificat expire bientôt
mail-certificate-followed = Votre certificat expire bientôt et le nouveau est prêt. Installez-le avant le dernier jour : d’ici là, les deux sont valides.
    .subject = Votre certificat expire bientôt : installez le nouveau
