# Las palabras del primer inicio, del segundo paso al entrar, de las personas y de la cuenta propia.

## El primer inicio

setup-title = Configurar Sealpost
setup-count = Paso { $n } de { $all }
setup-on = Guardar y seguir
setup-next = Seguir
setup-busy = Un momento…
setup-back = Atrás
setup-skip = Omitir por ahora
setup-later = Terminar después
setup-only-admin = Solo un administrador puede configurar el consultorio.
setup-link-used = Este enlace de configuración ya se usó o es demasiado antiguo. Inicie «sealpost serve» otra vez para obtener uno nuevo. Si ya eligió una contraseña, entre con ella.

setup-you = ¿Quién es usted?
setup-you-what = Usted es el primer administrador. Los clientes ven su nombre en los mensajes que envía.
setup-second = Proteja su cuenta
setup-second-what = Con un segundo paso, una contraseña robada no basta para entrar.
setup-practice = Su consultorio
setup-practice-what = Los clientes ven esto en cada página, para saber quién escribe y a quién llamar.
setup-address = Su dirección en la web
setup-address-what = Cada enlace de un mensaje o correo empieza con esta dirección. Los clientes deben poder abrirla.
setup-texts = Mensajes de texto
setup-texts-what = Sealpost envía los mensajes con su cuenta en un proveedor de mensajes de texto.
setup-email = Correo
setup-email-what = Sealpost envía el correo con su propio servidor.
setup-people = Invite a su equipo
setup-people-what = Cada persona recibe un correo con un enlace que funciona unos días.
setup-first = Envíese un mensaje seguro
setup-first-what = Vea lo que verán sus clientes, y cómo su respuesta llega a la bandeja de entrada.

setup-practice-name = Nombre del consultorio
setup-practice-name-hint = Por ejemplo, Clínica Familiar Riverside.
setup-practice-name-wrong = Escriba el nombre del consultorio, de 1 a 100 letras.
setup-practice-phone = Teléfono para los clientes
setup-practice-phone-hint = Como quiere que se lea, por ejemplo (555) 010-0100.
setup-practice-phone-wrong = Un teléfono tiene de 1 a 40 caracteres.
setup-practice-zone = Zona horaria
setup-practice-zone-hint = La tomamos de este equipo.
setup-practice-zone-wrong = Elija una zona horaria.

## Contraseñas y códigos

password-show = Mostrar la contraseña
password-hide = Ocultar la contraseña
strength-short = Faltan { $n } { $n ->
    [one] carácter
   *[other] caracteres
}.
strength-weak = Fácil de adivinar. Es mejor usar tres o cuatro palabras sin relación.
strength-good = Buena.
strength-strong = Muy buena.
second-need = Necesita una aplicación de autenticación en su teléfono o equipo, como la que ya trae o su gestor de contraseñas.
second-start = Configurarlo
second-qr = Imagen para escanear con su aplicación de autenticación
second-scan = Escanee esta imagen con la aplicación.
second-type = ¿No puede escanearla? Escriba esta clave en la aplicación:
second-code = Código de la aplicación
second-code-hint = Seis cifras. Cambian cada 30 segundos.
second-check = Comprobar el código
second-on = El segundo paso está activado.
second-done = Listo
code-empty = Escriba el código.
code-wrong = Ese código no es correcto. Espere el siguiente y pruebe otra vez.
codes-title = Guarde estos códigos
codes-what = Cada uno le permite entrar una vez si pierde su teléfono. Guárdelos con sus otros papeles importantes. No los mostraremos otra vez.
codes-print = Imprimir
codes-kept = Guardé estos códigos en un lugar seguro
codes-first = Guarde primero los códigos y luego marque la casilla.

second-step-heading = Un paso más
second-step-what = Su cuenta está protegida por un segundo paso.
second-step-code = Código
second-step-hint = Las seis cifras de su aplicación de autenticación, o uno de los códigos que guardó.
second-step-back = Usar otra cuenta
second-step-wrong = Ese código no es correcto. Espere el siguiente de la aplicación y pruebe otra vez.
enrolling-heading = Configure un segundo paso
enrolling-what = Su consultorio lo pide a todos: así una contraseña robada no basta para entrar. Es cosa de un minuto.
enrolling-by-passkey = Usar una llave de acceso
enrolling-by-app = Usar una aplicación
enrolling-passkey = Su huella, su cara o una llave de seguridad hace de código. Después su navegador se lo pide.
enrolling-done = Ir al escritorio
signed-out-slow = Tardó demasiado. Entre otra vez.

## Su cuenta

account-name = Su nombre
account-name-hint = Como deben leerlo los clientes, por ejemplo Dra. Amy Lee.
account-name-wrong = Escriba su nombre, de 1 a 100 letras.
account-email-hint = Con él entra.
account-email-taken = Esta dirección no se puede usar aquí. Elija otra.
account-password = Contraseña
account-password-hint = Al menos 12 caracteres. Su navegador o gestor de contraseñas puede crearle una.
account-password-short = Una contraseña tiene al menos 12 caracteres.
account-password-long = Una contraseña tiene como máximo 128 caracteres.
account-password-refused = Esta contraseña es demasiado fácil de adivinar. Elija otra.
account-password-set = Usted entra con { $email } y su contraseña. Puede cambiar ambos más tarde en Su cuenta.
account-current = Su contraseña actual
account-current-wrong = Esa no es su contraseña.
account-new-password = Contraseña nueva

## La dirección

address-looking = Comprobando su dirección…
address-again = Comprobar otra vez
address-now = Los enlaces empiezan con
address-right = Esta dirección está bien. Sus clientes pueden abrir los enlaces.
address-here = Esta dirección solo funciona en este equipo. Basta para probar Sealpost.
address-wrong = Esta dirección debe cambiar antes de escribir a los clientes.
address-line = Ponga esto en el entorno del servidor y reinícielo:
address-scheme = Cifrado
address-same = La misma dirección que en su navegador
address-usable = Funciona fuera de este equipo
address-reachable = Responde
finding-good = Bien:
finding-note = Conviene saber:
finding-bad = Por arreglar:
copy = Copiar
copied = Copiado.
not-copied = Su navegador no nos dejó copiar. Seleccione el texto y cópielo.

## Mensajes y correo

sms-url = Dirección del proveedor
sms-url-hint = La de Twilio o la de un proveedor que funcione igual.
sms-url-wrong = Escriba una dirección que empiece con https://.
sms-account = SID de la cuenta
sms-account-wrong = Copie el SID de la cuenta de su proveedor.
sms-token = Token de autenticación
sms-token-wrong = Copie el token de autenticación de su proveedor.
sms-from = Número del que salen los mensajes
sms-from-hint = Uno de sus números en el proveedor, por ejemplo +1 555 010 0142.
sms-from-wrong = Escriba un número con código de país, por ejemplo +1 555 010 0142, o el nombre de remitente de su proveedor.
secret-never-shown = Lo guardamos sellado y no lo mostramos otra vez.
secret-kept = Ya lo tenemos. Déjelo vacío para conservarlo.
secret-show = Mostrar lo que escribió
secret-hide = Ocultar lo que escribió
mail-host = Servidor de correo
mail-host-hint = Por ejemplo, smtp.example.org.
mail-host-wrong = Escriba el nombre de su servidor de correo, por ejemplo smtp.example.org.
mail-security = Cifrado
mail-security-wrong = Sin cifrado, el correo solo puede ir a un servidor en este equipo.
mail-starttls = STARTTLS (habitual)
mail-tls = TLS
mail-plain = Ninguno, solo para este equipo
mail-port = Puerto
mail-port-wrong = Un puerto es un número de 1 a 65535.
mail-username = Usuario
mail-username-hint = Déjelo vacío si el servidor no lo pide.
mail-username-wrong = Revise el usuario.
mail-password-wrong = Escriba la contraseña de este usuario.
mail-from = Remitente
mail-from-hint = Por ejemplo, Clínica Riverside <mensajes@example.org>.
mail-from-wrong = Escriba una dirección, o un nombre y una dirección, por ejemplo Clínica Riverside <mensajes@example.org>.
form-missing = Complete este campo.
test-title = Pruébelo
test-to-phone = Su propio número de teléfono
test-to-email = Su propia dirección de correo
test-send = Enviar una prueba
test-busy = Enviando…
test-went-text = Su proveedor aceptó el mensaje. Debería llegar a su teléfono en un momento.
test-went-email = Su servidor aceptó el correo. Debería llegar a su bandeja en un momento.
fault-host = No encontramos ese servidor.
fault-unreachable = Nadie responde allí.
fault-timeout = El servidor tardó demasiado en responder.
fault-tls = El cifrado no funcionó.
fault-sign-in = El servidor no nos dejó entrar.
fault-sender = No se aceptó el remitente.
fault-recipient = No se aceptó el destinatario.
fault-refused = Se rechazó la prueba.
fault-busy = El servidor está demasiado ocupado ahora.
channel-environment = Esto se configura en el entorno del servidor. Cámbielo allí.
channel-stored = Esto se configura aquí y se guarda sellado.
channel-none = No hay nada configurado. No se puede enviar por esta vía.
channel-demo = La demostración lo retiene todo. Nada sale de este equipo.
channel-not-yours = Quien administra este servidor lo configura para todos.
channel-on = Configurado
channel-off = Sin configurar
channel-demo-tag = Demostración
channel-from = Los mensajes salen de { $from }.
channel-tested = Una prueba se envió el { $time }.
channel-remove = Quitar
channel-remove-ask = ¿Quitar esta configuración?
channel-remove-what = No se podrá enviar por esta vía hasta que la configure otra vez. Lo pendiente saldrá entonces.

## Invitar

invite-name = Nombre
invite-name-wrong = Escriba su nombre.
invite-role = Función
invite-more = Agregar una fila
invite-remove = Quitar la fila de { $name }
invite-send = Enviar las invitaciones
invite-known = Esta persona ya está aquí o ya fue invitada.
invite-on-its-way = { $name } recibe un correo en { $email }.
invite-hand-over = El correo no está configurado: entregue usted este enlace a { $name }. Funciona una vez y no se muestra de nuevo.
invited-title = Invitación · Sealpost
invited-heading = Tiene una invitación
invited-what = { $name } le invita a { $organization }. Elija una contraseña y listo.
invited-accept = Unirme
invited-not-found = Esta invitación no funciona. Ya se usó, se retiró o es demasiado antigua. Pida una nueva.
invited-sign-in = Ir a la entrada
invited-again = Enviar otra vez
invited-again-of = Enviar otra vez la invitación de { $name }
invited-withdraw = Retirar
invited-withdraw-of = Retirar la invitación de { $name }
invited-until = Funciona hasta { $time }
invited-expired = Demasiado antigua
invited-accepted = Aceptada
invited-queued = En camino
invited-sent = Correo enviado
invited-failed = Correo no entregado
invited-by-hand = Enlace entregado

## El mensaje a uno mismo

first-by = ¿Cómo debe llegarle?
first-phone = Su número de móvil
first-email = Su dirección de correo
first-phone-hint = Con código de país, por ejemplo +1 555 010 0142.
first-to-wrong = Este número o dirección no se puede usar. Revíselo.
first-send = Enviármelo
first-no-way = Aún no se puede enviar nada. Configure primero los mensajes de texto o el correo.
first-inbox = Ir a la bandeja de entrada
first-on-its-way = Está en camino.
first-failed = No se pudo entregar.
first-done = Hecho.
first-way-text = Mire su teléfono: recibirá un mensaje con un enlace.
first-way-email = Mire su correo: recibirá un mensaje con un enlace.
first-open = Abra el enlace. Un cliente no tiene que hacer más.
first-answer = Escriba allí una respuesta.
first-waiting = Su respuesta aparecerá aquí.
first-answered = Su respuesta está en la bandeja. Eso es todo. Ya está listo.
first-see = Ver su respuesta en la bandeja
first-again = Enviarlo otra vez

## Lo que falta, en la pantalla de inicio

left-title = Termine de configurar
left-admin = Ponga su correo y contraseña, o no podrá volver
left-second = Proteja su cuenta con un segundo paso
left-practice = Dé nombre a su consultorio
left-address = Compruebe la dirección de sus enlaces
left-texts = Configure los mensajes de texto y envíe una prueba
left-email = Configure el correo y envíe una prueba
left-people = Invite a su equipo
left-first = Envíese un mensaje seguro
left-put-away = Guardar esta lista
problem-last-admin = Debe quedar un administrador. Nombre primero a otra persona.
problem-admin-due = Ponga primero su correo y contraseña. Son su forma de volver a entrar.
problem-second-step-state = Esto cambió mientras tanto. Recargue la página.

## Personas y cuenta en la configuración

settings-people = Personas
settings-people-what = Quién trabaja aquí y qué puede hacer.
settings-channels = Mensajes y correo
settings-channels-what = Por dónde salen sus mensajes.
settings-account = Su cuenta
settings-account-what = Su nombre, correo, contraseña y segundo paso.
people-here = Quién trabaja aquí
people-you = Usted
people-second = Segundo paso activado
people-disabled = No puede entrar
people-locked = Con bloqueo
people-locked-what = Tras 100 contraseñas o códigos incorrectos, { $name } solo puede entrar donde ya entró antes. Quizá alguien está adivinando: pregunte primero a { $name } y luego envíe un enlace para una contraseña nueva. Una contraseña nueva lo termina.
people-active = Última vez aquí: { $time }
people-role-of = Qué puede hacer { $name }
people-enable = Permitir otra vez
people-disable = Desactivar
people-disable-ask = ¿Desactivar a { $name }?
people-disable-what = Su sesión termina enseguida y no podrá entrar hasta que lo permita otra vez. Sus mensajes se quedan.
people-second-off = Desactivar el segundo paso
people-second-off-ask = ¿Desactivar el segundo paso de { $name }?
people-second-off-what = Para quien perdió su teléfono y sus códigos. Asegúrese de que es esa persona quien lo pide.
people-invited = Invitados
people-invite = Invitar a alguien
account-who = Quién es usted
account-password-change = Cambiar la contraseña
account-password-ends = Aquí sigue dentro; en los demás lugares se cierra su sesión.
account-second = Segundo paso
second-off = Desactivarlo
codes-new = Códigos nuevos para cuando pierda el teléfono
codes-new-what = Recibe diez códigos nuevos; los que tiene dejan de servir. Escriba su contraseña para seguir.
codes-new-done = Estos son sus códigos nuevos.
second-off-what = Con su contraseña bastará para entrar. Escríbala para seguir.
sign-in-forgot = ¿Olvidó su contraseña?
forgot-title = Contraseña nueva · Sealpost
forgot-heading = Elija una contraseña nueva
forgot-what = Escriba la dirección con la que entra. Le enviamos un enlace.
forgot-send = Enviar el enlace
forgot-sent-heading = Mire su correo
forgot-sent = Si alguien de aquí tiene esta dirección, le llegará un correo con un enlace. Sirve una vez, durante media hora.
forgot-sent-none = ¿No llega nada en unos minutos? Mire el correo no deseado, revise la dirección o pregunte a un administrador de su consultorio.
forgot-no-email = Esta instalación no envía correo. Pregunte a un administrador de su consultorio: puede darle un enlace para una contraseña nueva, en los ajustes, en Personas.
forgot-back = Volver a entrar
reset-heading = Elija una contraseña nueva
reset-what = Después entra con ella. En los demás lugares se cierra su sesión.
reset-save = Guardar la contraseña
reset-over = Este enlace ya se usó o es demasiado viejo. Cada uno sirve una vez, durante media hora.
reset-again = Envíenme otro
reset-done = Su contraseña nueva está guardada. Entre con ella.
people-reset = Enviar enlace para una contraseña nueva
people-reset-ask = ¿Enviar a { $name } un enlace para una contraseña nueva?
people-reset-what = Sirve una vez, durante media hora. Su contraseña sigue hasta que elija otra. Asegúrese de que es esa persona quien lo pide.
people-reset-sent = Un correo con el enlace va en camino a { $name }.
people-reset-hand-over = Aquí no hay correo. Dé usted este enlace a { $name }; solo se muestra esta vez.
settings-security = Seguridad
settings-security-what = Lo que pide a todos los que trabajan aquí.
security-second = Pedir a todos un segundo paso
security-second-hint = Quien no lo tenga lo configura antes que nada, la próxima vez que entre.
security-without = { $n ->
    [0] Todos lo tienen.
    [one] Una persona no lo tiene todavía.
   *[other] { $n } personas no lo tienen todavía.
 }
security-second-first = Active primero su propio segundo paso: de otro modo se cerraría su sesión.
security-second-own = A su cuenta
security-idle = Cerrar la sesión de un escritorio que nadie toca
security-idle-hint = Dos minutos antes aparece un aviso. Menos tiempo es más seguro donde pasan otras personas.
security-minutes = { $n } minutos
security-second-ask = ¿Pedir a todos un segundo paso?
security-second-ends = A quien no lo tenga se le cierra la sesión ahora, y lo configura al entrar otra vez.
problem-password-disabled = Tras demasiados intentos fallidos, esta contraseña está desactivada. Elija otra por correo electrónico.
problem-reset-not-found = Este enlace para una contraseña nueva ya se usó o ha caducado.
