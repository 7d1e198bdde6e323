## Signing out
sign-out-title = Se déconnecter
sign-out-here-what = La déconnexion vaut pour toutes les applications de ce navigateur.
sign-out-here = Se déconnecter
sign-out-everywhere-what = { $count ->
    [one] Votre compte est aussi connecté sur un autre appareil ou navigateur.
   *[other] Votre compte est aussi connecté sur { $count } autres appareils ou navigateurs.
}
sign-out-everywhere = Se déconnecter partout
sign-out-stay = Garder la session ouverte
signed-out-title = Déconnexion effectuée
signed-out-of-app = La déconnexion de { $app } est effectuée. Vos autres applications restent ouvertes.
signed-out-here = La déconnexion est effectuée pour toutes les applications de ce navigateur.
signed-out-everywhere = La déconnexion est effectuée sur tous les appareils et dans tous les navigateurs.
signed-out-hint = Si d’autres personnes utilisent aussi cet ordinateur, fermez maintenant le navigateur.
signed-out-there-what = Votre session chez { $provider } est peut-être encore ouverte.
signed-out-there = Se déconnecter de { $provider }
signed-out-again = Se reconnecter
signed-out-another = Se connecter avec un autre compte
continue-title = Un instant
continue-what = Redirection vers { $app }… Si rien ne se passe, appuyez sur Continuer.
continue-go = Continuer
