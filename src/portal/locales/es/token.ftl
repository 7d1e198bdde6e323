### Patrones leídos en la tabla de un teléfono

token-title = Iniciar sesión con su patrón y su teléfono
token-hint = Abra su página en el teléfono, lea los dígitos de su tabla siguiendo su patrón y escríbalos aquí, junto con su frase si tiene una. Cada tabla sirve para un solo inicio de sesión.
token-use = Usar la tabla del teléfono
token-table-here = Usar una tabla en esta página
problem-wrong-token = El nombre de usuario o la contraseña de un solo uso no es correcta. Espere a la siguiente tabla del teléfono, compruebe su nombre y lea otra vez los dígitos.
approver-table-what = Lea los dígitos de esta tabla siguiendo su patrón y escríbalos en la página de inicio de sesión. Cada tabla sirve para un solo inicio de sesión.
approver-table-left = Siguiente tabla en {"{}"} s
approver-table-clock = Hora de la tabla: {"{}"}
    .offline = No hay conexión. La tabla es correcta si ahora son las {"{}"}.
    .behind = El reloj de este teléfono va {"{}"} atrasado. Aun así, la tabla sigue la hora correcta.
    .ahead = El reloj de este teléfono va {"{}"} adelantado. Aun así, la tabla sigue la hora correcta.
    .was-behind = En la última conexión, el reloj de este teléfono iba {"{}"} atrasado. La tabla lo tiene en cuenta.
    .was-ahead = En la última conexión, el reloj de este teléfono iba {"{}"} adelantado. La tabla lo tiene en cuenta.
approver-table-none = Este teléfono ya no muestra ninguna tabla para este usuario. Vuelva a cargar la página.
