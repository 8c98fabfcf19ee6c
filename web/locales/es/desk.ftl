# Las palabras del personal. Lenguaje sencillo, verbos primero, sin códigos.

desk-heading = Escritorio del personal
starting = Un momento…
loading = Cargando…
show-more = Mostrar más
unreachable = No podemos conectar con el servidor.
unreachable-hint = Revise su conexión. Sus mensajes están a salvo allí.
offline-banner = No hay conexión. Lo que ve puede no estar al día. Lo que escriba se queda aquí.
tab-title = { $name } · Sealpost
tab-title-unread = ({ $n }) { $name } · Sealpost
nowhere = No hay nada en esta dirección.
nowhere-hint = Revise la dirección o empiece por la bandeja de entrada.
nowhere-go = Ir a la bandeja de entrada

## Entrar

sign-in-title = Entrar · Sealpost
sign-in-heading = Entrar
sign-in-email = Correo electrónico
sign-in-password = Contraseña
sign-in-button = Entrar
sign-in-busy = Entrando…
sign-in-locked = Hubo demasiados intentos. Espere unos minutos y vuelva a intentarlo.
sign-in-locked-until = Hubo demasiados intentos. Vuelva a intentarlo después de las { $time }.
signed-out-ended = Cerramos su sesión para proteger los mensajes. Entre para seguir donde estaba.
signed-out-left = Ha cerrado la sesión.
once-used = Este enlace para entrar ya se usó o es demasiado antiguo. Entre con su correo y contraseña, o pida un enlace nuevo.
idle-title = ¿Sigue ahí?
idle-body = Cerraremos su sesión en menos de dos minutos para proteger los mensajes.
idle-stay = Seguir en la sesión

## Navegación

nav-label = Principal
nav-compose = Redactar
nav-inbox = Entrada
nav-outbox = Enviados
nav-archived = Archivo
nav-failed = No entregados
nav-people = Personas
nav-contacts = Contactos
nav-practice = Consultorio
nav-settings = Ajustes
nav-help = Ayuda
nav-unread = { $n } sin leer
nav-scheduled-count = { $n } en espera
nav-failed-count = { $n } por revisar
nav-sign-out = Cerrar sesión
role-admin = Administración
role-member = Personal
role-read-only = Solo puede leer

## La lista

filter-unread = Sin leer { $n }
filter-unread-none = Sin leer
filter-show-all = Mostrar todo
row-unread = Sin leer
row-you = Usted: { $preview }
empty-inbox = Aquí aparecen las respuestas de sus contactos.
empty-outbox = Aquí aparecen los mensajes que envía.
empty-archived = Aquí aparecen las conversaciones que archiva.
empty-failed = Aquí aparece lo que no se pudo entregar, hasta que usted se ocupe.
empty-unread = Ya leyó todo.
empty-compose = Escribir un mensaje
tag-secure = Seguro
tag-plain = Sin enlace
tag-link-expired = Enlace vencido
tag-locked = Bloqueado
tag-not-delivered = No entregado
tag-not-opened = Sin abrir
tag-opened = Visto
channel-text = Mensaje de texto
channel-email = Correo
ago-now = ahora
ago-minutes = { $n } min
ago-hours = { $n } h

## Una conversación

thread-none = Elija una conversación para leerla.
thread-label = Conversación con { $name }
thread-messages = Mensajes
thread-reach = { $reach } · { $pin }
reach-none = Sin teléfono ni correo
pin-on = con PIN
pin-off = sin PIN
back-to-list = Volver a la lista
mark-unread = Marcar sin leer
archive = Archivar
move-to-inbox = Mover a la entrada
context-open = Sobre esta persona
show-older = Mostrar mensajes anteriores
new-messages = Mensajes nuevos
jump-to-latest = Ir al último
arrived = Mensaje nuevo de { $name }: { $body }
message-from-us = { $name } escribió
message-from-them = { $name } escribió
replied-in-chat = respondió en el chat seguro
replied-by-text = respondió por mensaje de texto, remitente sin verificar
replied-by-email = respondió por correo, remitente sin verificar
delivery-queued = En espera de envío { $channel }
delivery-will-retry = En espera de envío; próximo intento { $time }
delivery-retry-now = En espera de envío; lo intentamos ahora
delivery-sending = Enviando { $channel }
delivery-sent = Enviado { $channel }
delivery-delivered = Entregado { $channel }
fact-at = { $fact } { $time }
answered-at = Respondido { $time }
delivery-failed = No entregado
delivery-canceled = No enviado
delivery-needs-review = Espera revisión tras una restauración
not-opened = Aún sin abrir
opened-at = Abierto { $time }
read-at = Leído { $time }
expires-in = vence en { $span }
link-expired = Enlace vencido
link-locked = Bloqueado
link-revoked = Anulado
span-minutes = { $n } min
span-hours = { $n } h
span-days = { $n } { $n ->
    [one] día
   *[other] días
}
unlock = Quitar el bloqueo
unlock-of = Quitar el bloqueo del enlace de { $time }
revoke = Anular
revoke-of = Anular el enlace de { $time }
revoke-link = Anular el enlace
send-new-link = Enviar un enlace nuevo
send-new-link-hint = Envía otra vez el mensaje seguro más reciente, con un enlace nuevo.
resend-busy = Enviando…
event-asked = { $name } pidió un enlace nuevo · enviado { $channel } · { $time }
event-asked-failed = { $name } pidió un enlace nuevo · no se pudo enviar { $channel } · { $time }
event-resent = Se envió un enlace nuevo { $channel } · { $time }
event-resent-failed = No se pudo enviar un enlace nuevo { $channel } · { $time }
event-fallback = No llegó: se envió un enlace nuevo { $channel } · { $time }
event-fallback-failed = No llegó, y no se pudo enviar un enlace nuevo { $channel } · { $time }
fact-instead-of-text = en lugar de un mensaje de texto
fact-instead-of-email = en lugar de un correo
event-reminded = Se envió un recordatorio a { $name } { $channel } · { $time }
event-reminded-failed = No se pudo enviar un recordatorio { $channel } · { $time }
event-not-opened = { $name } no ha abierto el mensaje y no recibirá más recordatorios · { $time }
event-opened = { $name } abrió el enlace · { $time }
event-stop-text = { $name } escribió «{ $said }»: ya no enviamos mensajes de texto a este número · { $time }
event-stop-email = { $name } escribió «{ $said }»: ya no enviamos correos a esta dirección · { $time }
event-start-text = { $name } escribió «{ $said }»: volvemos a enviar mensajes de texto · { $time }
event-start-email = { $name } escribió «{ $said }»: volvemos a enviar correos · { $time }
event-help = { $name } pidió ayuda: «{ $said }» · { $time }
event-wrong-pins = { $wrong ->
    [one] Se introdujo un PIN incorrecto
   *[other] Se introdujeron { $wrong } PIN incorrectos, el último
} · { $time }
event-locked-until = Demasiados PIN incorrectos: nadie nuevo entra antes de las { $until } · { $time }
event-locked-off = Demasiados PIN incorrectos: este enlace ya no admite PIN · { $time }
event-was-locked = Los PIN incorrectos habían bloqueado el enlace · { $time }
event-revoked = El enlace se anuló · { $time }
thread-locked-out = Demasiados PIN incorrectos en los enlaces de { $name }. La entrada con PIN está cerrada desde { $time } hasta que quite el bloqueo. Puede que alguien esté probando: pregunte antes a { $name }.
by-text = por mensaje de texto
by-email = por correo

## Escribir

composer-label = Escribir un mensaje
composer-message = Mensaje para { $name }
composer-placeholder = Escriba a { $name }…
composer-send = Enviar
composer-busy = Enviando…
composer-keys = Ctrl ↵
composer-left = Quedan { $n } caracteres
composer-empty = Escriba algo primero.
composer-too-long = Es demasiado largo. Un mensaje puede tener 10 000 caracteres.
composer-pin-length = Un PIN tiene de 4 a 64 caracteres.
composer-read-only = Puede leer estos mensajes, pero no enviar. Pida a administración que lo cambie.
send-securely = Enviar de forma segura
link-by = Enlace por
send-by = Enviar por
expires-after = Vence en
lifetime-24-hours = 24 horas
lifetime-10-days = 10 días
lifetime-6-months = 6 meses
lifetime-1-year = 1 año
pin = PIN
pin-contacts = PIN del contacto
pin-default = PIN general
pin-none = Sin PIN
pin-own = Para este mensaje
own-pin = PIN para este mensaje
own-pin-hint = Dígaselo por otro medio, como por teléfono. No lo envíe junto. Quien lo tenga y tenga el enlace ve toda la conversación.
leaves-nothing = { $name } no tiene teléfono ni correo que podamos usar.
leaves-text-link = { $name } recibe un mensaje de texto con un enlace. El mensaje se queda aquí.
leaves-email-link = { $name } recibe un correo con un enlace. El mensaje se queda aquí.
leaves-text-open = { $name } recibe este texto tal cual. Cualquiera que tenga el teléfono puede leerlo.
leaves-email-open = { $name } recibe este correo tal cual. Cualquiera que abra el buzón puede leerlo.
compose-title = Mensaje nuevo
compose-to = Para
compose-to-placeholder = Nombre, teléfono o correo
compose-new-person = Alguien nuevo
compose-known = Elegir a alguien conocido
compose-change = Cambiar
compose-message = Mensaje
compose-later = Cerrar
compose-they = Esta persona
compose-no-recipient = Elija quién lo recibe.
compose-address = Escriba un teléfono con código de país, como +1 555 010 0142, o un correo electrónico.

## La persona junto a la conversación

context-label = Sobre esta persona
context-contact = Abrir contacto
context-reach = Cómo contactar
context-links = Enlaces seguros
reach-phone = Móvil
reach-email = Correo
reach-language = Idioma
not-given = Sin dato
opted-out = No desea mensajes
pin-set = Tiene PIN propio
pin-not-set = Sin PIN propio
pin-locked-out = Bloqueado
links-none = Los mensajes seguros dejan aquí su enlace.
state-active = Activo { $span }
state-opened-active = Abierto · { $span }
state-opened = Abierto
state-expired = Vencido
state-locked = Bloqueado
state-revoked = Anulado

## Contactos

contact-label = Contacto
contact-stopped-texts = Esta persona pidió no recibir mensajes de texto (STOP). No enviamos ninguno hasta que escriba START.
contact-stopped-emails = Esta persona pidió no recibir correos (STOP). No enviamos ninguno hasta que escriba START.
contact-none-open = Elija un contacto para ver sus datos.
contacts-empty = Aquí aparecen las personas a las que escribe.
contacts-not-found = Nadie se llama así ni tiene exactamente ese número o correo.
contact-search = Nombre, teléfono o correo
contact-new = Contacto nuevo
contact-add = Agregar contacto
contact-name = Nombre
contact-first = Nombre
contact-last = Apellido
contact-details = Datos
contact-save = Guardar
contact-saved = Guardado.
contact-write = Escribir un mensaje
contact-delete = Eliminar contacto
contact-delete-ask = ¿Eliminar a { $name }?
contact-delete-what = También se eliminan sus mensajes, y sus enlaces dejan de funcionar. No se puede deshacer.
contact-delete-yes = Eliminar para siempre
back-to-contacts = Volver a los contactos
phone-example = +1 555 010 0142
phone-wrong = Escriba el número con código de país, como +1 555 010 0142.
email-wrong = Escriba un correo electrónico, como nombre@example.org.
language-hint = Como en o es. Lo usan las respuestas automáticas. Los avisos van en el idioma en que los escribió.
pin-is-set = Esta persona tiene un PIN. Nunca lo mostramos.
pin-is-not-set = Esta persona no tiene PIN propio.
pin-first = PIN
pin-new = PIN nuevo
pin-hint = De 4 a 64 caracteres. Dígaselo en persona o por teléfono; nunca por donde van sus enlaces.
pin-save = Poner PIN
pin-replace = Cambiar PIN
pin-remove = Quitar PIN
pin-saved = Guardado.
pin-locked-out-why = Hubo demasiados PIN incorrectos. El PIN está desactivado para esta persona.
pin-clear-lock-out = Quitar el bloqueo
history = Mensajes
history-open = Abrir conversación
history-empty = Aún no hay mensajes.

## PIN fáciles de adivinar

weak-pin = Fácil de adivinar: { $why }. Es más seguro uno de seis caracteres o más que nadie pueda deducir.
weak-pin-refused = Fácil de adivinar: { $why }. Su consultorio no usa PIN así; elija otro.
weak-short = menos de 6 caracteres
weak-repeats = se repite
weak-sequence = es una secuencia
weak-common = es de los que se prueban primero
weak-date = sale de una fecha de esta persona
weak-phone = es parte del teléfono de esta persona
pin-refused = Este PIN no se puede usar aquí. Elija uno más difícil de adivinar, de 4 a 64 caracteres.

## Más tarde

nav-scheduled = Programados
empty-scheduled = Aquí aparecen los mensajes que salen más tarde.
later = Enviar más tarde
later-not = Mejor enviarlo ahora
later-send = Programar
later-at = Sale el
later-zone = Hora de { $zone }.
later-theirs = Para { $name } es { $time }.
later-wrong = Elija una hora futura.
later-today = hoy a las { $time }
later-tomorrow = mañana a las { $time }
later-both = { $own } ({ $time } para { $name })
undo = Deshacer
undo-in = Se envía en { $n } s
waits-time = Sale { $time }
waits-quiet = Horas de silencio de { $name }: sale { $time }
waits-send = Enviar ahora
waits-send-anyway = Enviar ahora de todos modos
waits-edit = Cambiar
waits-edit-title = Cambiar un mensaje programado
waits-save = Guardar
waits-cancel = Cancelar el envío
waits-failed = No se envió.
waits-failed-do = Nada salió de aquí. Corrija lo que falta y envíelo, o elija otra hora.
waits-any-way = Como prefiera la persona
waits-secure = { $name } recibe un enlace. El mensaje se queda aquí.
waits-open = { $name } lo recibe tal cual, sin enlace.

## No entregados

undelivered = No se entregó.
retry-again = Intentar de nuevo
falls-back-to-email = Saldrá por correo a las { $time }, al terminar las horas de silencio.
falls-back-to-text = Saldrá por mensaje de texto a las { $time }, al terminar las horas de silencio.
retry-by-text = Mejor por mensaje de texto
retry-by-email = Mejor por correo
retry-correct-number = Corregir el número
retry-correct-email = Corregir el correo
retry-done = Va de nuevo en camino, { $channel }.
tries-earlier = { $n } intentos anteriores
tries-one = Antes: { $channel }, { $time }. { $why }
put-aside = Dejar a un lado
put-aside-label = Dejar a un lado lo que no se entregó
aside-done = Queda a un lado: { $name }. Los mensajes siguen en la conversación.
failed-notice = No se entregó un mensaje a { $name }.
failed-notice-several = No se entregaron mensajes a { $n } personas.
failed-notice-look = Ver
unsent-notice = Un mensaje a { $name } no pudo salir a su hora.
address-fault = No funciona
address-fault-do = Cámbielo aquí y envíe de nuevo.
advice-correct = Pida otro número o correo, o envíelo por otro medio.
advice-passing = Inténtelo de nuevo o envíelo por otro medio.
advice-admin = Pida a un administrador que revise los ajustes. Mientras tanto, envíelo por otro medio.
advice-other-way = Envíelo por otro medio o llame.
advice-ask = Pregunte si llegó antes de enviarlo de nuevo.
why-number-invalid = Este número de teléfono no existe.
why-number-unreachable = Este número no recibe mensajes de texto. Puede ser un teléfono fijo.
why-number-missing = Esta persona ya no tiene número de teléfono.
why-email-invalid = Esta dirección de correo no existe.
why-email-unreachable = A esta dirección no llega ningún correo.
why-email-missing = Esta persona ya no tiene dirección de correo.
why-address-changed = El número o la dirección cambió mientras esto iba en camino.
why-opted-out-texts = Esta persona no quiere más mensajes de texto.
why-opted-out-emails = Esta persona no quiere más correos.
why-recipient-opted-out = Esta persona respondió STOP a nuestro número, y la compañía telefónica no deja pasar mensajes.
why-contact-deleted = El contacto se eliminó.
why-link-revoked = El enlace se anuló antes de que esto saliera.
why-link-ended = El enlace se habría vencido antes de llegar.
why-time-up = Lo intentamos un día entero sin éxito.
why-superseded = Un mensaje más nuevo tomó su lugar.
why-outcome-unknown = Lo enviamos dos veces sin respuesta. Puede haber llegado.
why-gateway-busy = El servicio de mensajes estaba demasiado ocupado.
why-gateway-refused = El servicio de mensajes no lo aceptó.
why-gateway-unreachable = No pudimos conectar con el servicio de mensajes.
why-gateway-unauthorized = El servicio de mensajes no nos dejó entrar.
why-gateway-unclear = El servicio de mensajes dio una respuesta que no entendemos.
why-sender-refused = El servicio de mensajes no nos deja enviar desde nuestro número.
why-region = El servicio de mensajes no envía a este país.
why-carrier = La compañía telefónica no lo entregó.
why-mail-bounced = El correo fue devuelto.
why-mail-busy = El servidor de correo estaba demasiado ocupado.
why-mail-refused = El servidor de correo no lo aceptó.
why-mail-sign-in = El servidor de correo no nos dejó entrar.
why-mail-unreachable = No pudimos conectar con el servidor de correo.
why-texts-not-set-up = Los mensajes de texto no están configurados.
why-emails-not-set-up = El correo no está configurado.
why-budget = Se agotó un límite de mensajes: diez al día por persona, o el del mes de la clínica.
why-country = No enviamos mensajes a números como este.
why-not-opened = No pudimos leerlo para enviarlo.
why-restored = Esperaba mientras se recuperaba una copia, y un administrador decidió no enviarlo.
why-other = Algo salió mal en el camino.
