# Las palabras de los ajustes: frases cortas, verbos primero, sin códigos.

settings-pages = Páginas de los ajustes
settings-back = Volver a los ajustes
settings-read-only = Puede mirar estos ajustes. Solo un administrador puede cambiarlos.
settings-secure-messaging = Mensajes seguros
settings-secure-messaging-what = Envíe un enlace privado en lugar del mensaje mismo.
settings-practice = Consultorio
settings-practice-what = Lo que sus clientes ven de ustedes: logotipo, color, teléfono y horario.
settings-contact-fields = Campos de los contactos
settings-contact-fields-what = Lo que guarda de cada persona además de nombre, teléfono y correo.
settings-help = Ayuda y documentación
settings-help-what = Cómo funciona todo, en otra pestaña.
settings-on = Sí
settings-off = No
settings-save = Guardar cambios
settings-saving = Guardando…
settings-saved = Guardado.
settings-unsaved = Sin guardar todavía.
settings-unsaved-tag = Sin guardar
leave-unsaved-ask = ¿Cerrar sesión sin guardar?
leave-unsaved-what = Cambió algo en los ajustes y no lo guardó. Se pierde al cerrar la sesión.
settings-discard = Descartar cambios
settings-offline = No podemos llegar al servidor. No se guardó nada. Sus cambios siguen aquí; pruebe otra vez cuando tenga conexión.
settings-check = Todavía no se guardó nada. Revise los campos marcados.
settings-clash = Otra persona también cambió esto mientras usted trabajaba: { $fields }. Aquí se muestra su versión. Guarde otra vez para quedarse con ella, o descarte sus cambios para ver la otra.

## Mensajes seguros

secure-enabled = Mensajes seguros
secure-enabled-hint = Los mensajes se quedan aquí; sus clientes reciben un enlace. Este interruptor actúa en el momento.
secure-by-default = Enviar de forma segura si no se elige otra cosa
secure-by-default-hint = Los mensajes nuevos empiezan con «Enviar de forma segura» activado. Puede desactivarlo en uno.
turn-off-ask = ¿Desactivar los mensajes seguros?
turn-off-new = Desde ahora, los mensajes nuevos salen tal como están. Nadie puede enviar un enlace privado.
turn-off-links = { $n ->
    [0] Ahora mismo no hay ningún enlace abierto.
    [one] 1 enlace que tiene un cliente sigue funcionando hasta que venza.
   *[other] { $n } enlaces que tienen sus clientes siguen funcionando hasta que venzan.
}
turn-off-many = Más de 10,000 enlaces que tienen sus clientes siguen funcionando hasta que venzan.
turn-off-ended = Cuando un enlace vence, su cliente no puede recibir otro. Puede volver a activarlo cuando quiera.
turn-off-keep = Dejarlo activado
turn-off-yes = Desactivar

notice-title = El aviso que reciben sus clientes
notice-sms = Mensaje de texto
notice-subject = Asunto del correo
notice-body = Correo
notice-must-link = Debe contener { $code }, el enlace propio del cliente.
insert = Insertar un campo
insert-into = Insertar un campo en: { $name }
piece-link = El enlace privado
piece-user-and-company = Quién escribió, y su consultorio
piece-user = Quién escribió
piece-organization = Su consultorio
piece-organization-phone = Su número de teléfono
piece-office-hours = Su horario
piece-first-name = El nombre del cliente
piece-phone-end = Últimas 4 cifras del teléfono
piece-last-name = Apellido, en minúsculas
piece-external-id = Su propio id del contacto
sms-count = { $characters ->
    [one] 1 carácter
   *[other] { $characters } caracteres
}, { $segments ->
    [one] 1 segmento de SMS
   *[other] { $segments } segmentos de SMS
}. Caben { $left } más.
sms-unicode = Solo caben de 67 a 70 en un segmento por: { $letters }
preview-as = Vista previa como
preview-invented = (persona inventada)
preview-change = Elegir un contacto
preview-choose = ¿Vista previa como qué contacto?
preview-sms = Mensaje de texto
preview-email = Correo
preview-wrong = La vista previa vuelve cuando el texto esté bien.
preview-away = No podemos hacer la vista previa en este momento.

links-title = Enlaces
links-lifetime = Los enlaces vencen después de
links-lifetime-hint = Los clientes pueden pedir otro enlace cuando uno vence. Siempre va al número o la dirección registrados.
links-hide-hint = No mostrar adónde va un enlace nuevo
links-hide-hint-hint = Un enlace vencido no muestra entonces las últimas cifras del teléfono ni partes de la dirección.

pins-title = PIN
pins-on = Pedir un PIN
pins-on-hint = Orden: el PIN del mensaje, el PIN del contacto y después el predeterminado.
pins-default = PIN predeterminado
pins-default-hint = Para contactos que no tienen PIN propio. Diga el PIN a sus clientes de otra forma que con este mensaje.
pins-none = Sin PIN
pins-text = Uno para todos
pins-template = De un campo del contacto
pins-is-set = Hay un PIN. Nunca lo mostramos.
pins-change = Cambiar
pins-keep = Dejar el PIN que hay
pins-new = PIN para todos
pins-new-hint = De 4 a 64 caracteres: letras, cifras, lo que sea. Anótelo, porque no lo mostraremos otra vez.
pins-refuse-weak = Rechazar los PIN fáciles de adivinar
pins-refuse-weak-hint = Menos de 6 caracteres, repeticiones, secuencias, los muy conocidos, y fechas o cifras del teléfono del contacto. Los PIN ya fijados se conservan.
pins-template-label = Hecho de
pins-template-hint = Cada contacto recibe el PIN que dan estos campos. A un contacto para el que no dan nada no se le puede enviar un mensaje seguro.
pins-long-links = Los enlaces de más de 24 horas necesitan un PIN
pins-long-links-hint = Un enlace más largo se rechaza para contactos sin PIN.
pin-for-none = { $name } abriría el mensaje con un toque, sin PIN.
pin-for-contact = A { $name } se le pediría su propio PIN.
pin-for-text = A { $name } se le pediría el PIN para todos.
pin-for-template = A { $name } se le pediría el PIN hecho de estos campos.
pin-for-nobody = Estos campos no dan ningún PIN para { $name }. No se le puede enviar ningún mensaje seguro.

try-out-open = Enviarme una prueba
try-out-what = Recibirá un mensaje seguro de verdad, como un cliente: el aviso, el enlace y la página que hay detrás.
try-out-unsaved = Sus cambios todavía no están guardados. La prueba usa lo que está guardado.
try-out-channel = Enviarla por
try-out-phone = Su número de teléfono
try-out-email = Su dirección de correo
try-out-send = Enviar prueba
try-out-sent = Una prueba va en camino a { $to }.
try-out-arrived = Se envió una prueba a { $to }. Abra su enlace para ver lo que ven sus clientes.
try-out-failed = La prueba no llegó a { $to }.

## Consultorio

logo-title = Logotipo
logo-hint = PNG o JPEG, de 1 MB como máximo. Está junto a su nombre en cada página que ven los clientes.
logo-choose = Elegir una imagen
logo-replace = Elegir otra
logo-remove = Quitar logotipo
logo-use = Usar este logotipo
logo-chosen = La imagen que eligió
logo-saved = El logotipo está guardado. Sus clientes lo ven desde ahora.
logo-removed = El logotipo ya no está. Sus clientes ven las primeras letras de su nombre.
logo-kind = No podemos usar esta imagen. Elija un archivo PNG o JPEG.
logo-large = Esta imagen es demasiado grande. Elija una de 1 MB como máximo.
color-title = Color
color-pick = Elegir un color
color-code = Código del color
color-house = Usar el color habitual
color-wrong = Escriba el color como # y seis letras o cifras, por ejemplo #0f6e6e.
color-good = Letras blancas sobre este color: { $ratio } a 1. Se leen bien.
color-faint = Letras blancas sobre este color: { $ratio } a 1. Se leen mal; hace falta 4.5 a 1.
color-darker = Usar uno más oscuro: { $color }
practice-details = Nombre y teléfono
practice-name = Nombre
practice-name-wrong = Escriba un nombre de 1 a 100 caracteres.
practice-phone = Número de teléfono
practice-phone-hint = Como lo lee la gente. Los clientes lo ven donde puedan necesitar ayuda.
practice-phone-wrong = Es demasiado largo. Un número de teléfono puede tener 40 caracteres.
practice-emergency = En una emergencia
practice-emergency-hint = Está en cada página que ven los clientes. Déjelo vacío para usar las palabras habituales.
practice-emergency-wrong = Es demasiado largo. Puede tener 200 caracteres.
practice-time-zone = Zona horaria
practice-time-zone-hint = Para su horario y para las horas en los mensajes.
hours-title = Horario
hours-said = Decir cuándo se puede llamar
hours-said-hint = En su zona horaria.
hours-closed = Cerrado
hours-from = { $day }, desde
hours-until = { $day }, hasta
hours-wrong = Ponga dos horas en cada día abierto, la más tardía al final.
weekday-monday = Lunes
weekday-tuesday = Martes
weekday-wednesday = Miércoles
weekday-thursday = Jueves
weekday-friday = Viernes
weekday-saturday = Sábado
weekday-sunday = Domingo
picture-label = Lo que ven sus clientes

## Campos de los contactos

fields-what = Agregue lo que necesita saber de las personas, como el año de nacimiento. Los valores se guardan sellados, como los teléfonos.
fields-empty = Sus propios campos aparecen aquí. Puede usarlos en el PIN predeterminado.
field-add = Agregar un campo
field-add-yes = Agregar campo
field-edit = Cambiar campo
field-change = Cambiar
field-edit-of = Cambiar { $name }
field-remove = Eliminar
field-remove-of = Eliminar { $name }
field-remove-ask = ¿Eliminar { $name }?
field-remove-what = También se elimina lo que sus contactos tienen en este campo. No se puede deshacer.
field-remove-yes = Eliminar para siempre
field-label = Nombre
field-label-example = Año de nacimiento
field-label-wrong = Escriba un nombre de 1 a 100 caracteres.
field-key = Clave
field-key-hint = Las plantillas lo llaman { $code }.
field-key-wrong = Use de 1 a 40 letras minúsculas, cifras y _, empezando por una letra.
field-kind = Qué contiene
field-kind-stays = Contiene: { $kind }. No puede cambiar, porque sus contactos ya tienen valores.
field-in-notices = En avisos
field-in-notices-label = Los avisos pueden mostrarlo
field-in-notices-hint = Un aviso viaja sin protección: quien tenga el teléfono puede leerlo. Deje esto apagado para todo lo privado.
kind-text = Texto
kind-number = Número
kind-date = Fecha
kind-boolean = Sí o no
custom-not-given = Sin dato
custom-yes = Sí
custom-no = No
custom-long = Es demasiado largo. Puede tener 500 caracteres.
custom-number = Escriba un número, como 1984 o -2.5.
custom-date = Ponga una fecha completa.
custom-boolean = Elija sí o no.

## Claves de API

settings-api-keys = Claves de API
settings-api-keys-what = Para otros programas que trabajan con Sealpost.
settings-admins-only = Solo la administración puede ver esta página. Pídale lo que necesite de aquí.
api-keys-what = Con una clave, otro programa, como el de su consultorio, puede trabajar aquí por su cuenta. Quien tenga la clave puede hacer lo que ella permite: guárdela tan bien como una contraseña.
api-keys-title = Claves
api-keys-none = Todavía no tiene claves.
api-keys-full = Hay 100 claves, que es el máximo. Anule primero una que nadie necesite.
api-keys-password-first = Primero ponga un correo electrónico y una contraseña, en
api-key-make = Crear una clave
api-key-name = Para qué es
api-key-name-hint = Por ejemplo, Programa del consultorio. El registro de auditoría llama así a la clave.
api-key-name-wrong = Diga para qué es la clave, con 1 a 100 letras.
api-key-scope = Qué permite
api-key-read = Leer
api-key-read-what = Ve contactos, mensajes y ajustes, y se entera de lo nuevo. No cambia nada.
api-key-write = Leer y escribir
api-key-write-what = También envía mensajes, y agrega y cambia contactos.
api-key-admin = Cambiar también los ajustes
api-key-admin-what = También cambia cómo trabaja su consultorio. Las personas y las claves siguen en sus manos.
api-key-ends = Sirve durante
api-key-30-days = 30 días
api-key-90-days = 90 días
api-key-1-year = 1 año
api-key-2-years = 2 años
api-key-no-end = Sin fin
api-key-made = La clave “{ $name }” está creada
api-key-once = Copie la clave ahora y póngala donde haga falta. No la guardamos y no podemos mostrarla otra vez.
api-key-kept = Ya la copié
api-key-made-at = Creada: { $time }
api-key-used = Último uso: { $time }
api-key-unused = Sin uso visto todavía
api-key-until = Sirve hasta: { $time }
api-key-ended-at = Terminó: { $time }
api-key-revoked-at = Anulada: { $time }
api-key-soon = Termina pronto
api-key-over = Terminada
api-key-revoked = Anulada
api-key-revoke = Anular
api-key-revoke-of = Anular la clave { $name }
api-key-revoke-ask = ¿Anular “{ $name }”?
api-key-revoke-what = Los programas que usan esta clave se rechazan enseguida. No se puede deshacer; puede crear otra clave.

## Envío

settings-sending = Envío
settings-sending-what = Cuándo salen los mensajes: deshacer, horas de silencio, recordatorios y el otro canal.
sending-undo-title = Deshacer
sending-undo = Tiempo para retirar un mensaje
sending-undo-none = Ninguno
sending-seconds = { $n } segundos
sending-undo-hint = Después de «Enviar», el mensaje espera este tiempo en nuestro servidor. Sale solo, aunque cierre la página.
sending-quiet = Horas de silencio
sending-quiet-on = No molestar de noche
sending-quiet-hint = Lo que escriba en esas horas sale cuando terminan. Se lo decimos, y puede enviarlo enseguida.
sending-from = Desde
sending-until = Hasta
sending-quiet-not = Según el reloj de su contacto, o el de ustedes cuando no lo sabemos. Los enlaces nuevos que alguien pidió y las respuestas a STOP, START y HELP salen a cualquier hora.
sending-quiet-wrong = Elija dos horas distintas.
sending-fallback = El otro canal
sending-fallback-email-on = Correo, cuando un mensaje de texto no puede salir o no llega
sending-fallback-email-hint = Cuando el número no funciona, su dueño dijo STOP o se agotó un límite de mensajes de texto. Solo a contactos cuyo correo tiene y que lo aceptan.
sending-fallback-sms-on = Un mensaje de texto, cuando un correo no llega
sending-fallback-sms-hint = Cuando vuelve o es rechazado. Cuenta como mensaje de texto.
sending-fallback-plain-on = También los mensajes sin protección
sending-fallback-plain-hint = Van con todo lo que dicen. Déjelo apagado si otras personas leen el correo de sus contactos.
sending-fallback-not = Una vez por mensaje, y no mientras el primero pueda haber llegado. Lo que salió así no está en «No entregados»; la conversación muestra los dos. A quien elige un canal cerrado se le dice.
sending-reminders = Recordatorios
sending-remind-on = Recordar lo que no se ha abierto
sending-remind-hint = De los mensajes seguros que envíe desde ahora. Un recordatorio dice lo mismo que el aviso, con un enlace propio.
sending-remind-after = Si no se abrió después de
sending-remind-hours = { $n } horas
sending-remind-after-hint = Contadas desde el mensaje y después desde cada recordatorio. El enlace de cada recordatorio funciona tanto tiempo como el primero.
sending-remind-times = Recordatorios como máximo
sending-remind-none = Ninguno
sending-remind-number = { $n }
sending-remind-times-hint = Si tampoco se abre el último, la conversación lleva la marca «Sin abrir» y queda sin leer para todos ustedes.
sending-remind-not = No se recuerda nada en las horas de silencio de la persona, ni después de una respuesta o de STOP. Los recordatorios cuentan como mensajes de texto.
