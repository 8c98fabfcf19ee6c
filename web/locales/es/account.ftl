# La cuenta propia: los navegadores con la sesión abierta y las llaves de acceso.

## Navegadores con la sesión abierta

sessions-title = Dónde tiene la sesión abierta
sessions-what = Cierre la sesión en un navegador que ya no use o que no conozca. Si no lo conoce, cambie también su contraseña.
sessions-none = Tiene la sesión abierta aquí y en ningún otro lugar.
sessions-device = { $browser } en { $system }
sessions-unknown = Un navegador desconocido
sessions-times = Entró: { $since } · última actividad: { $active }
sessions-current = Este navegador
sessions-end = Cerrar sesión
sessions-end-of = Cerrar sesión en { $device }, abierta: { $since }
sessions-end-others = Cerrar sesión en todos los demás
sessions-end-ask = { $device }: ¿cerrar sesión?
sessions-end-what = La sesión se cierra en menos de un segundo. Lo que se esté escribiendo allí y no se haya enviado se pierde.
sessions-others-ask = ¿Cerrar sesión en todos los demás?
sessions-others-what = La sesión se cierra en todos los demás navegadores en menos de un segundo. Aquí sigue abierta.

browser-chrome = Chrome
browser-edge = Edge
browser-firefox = Firefox
browser-opera = Opera
browser-safari = Safari
browser-other = Un navegador
system-android = Android
system-chrome-os = ChromeOS
system-ios = iPhone o iPad
system-linux = Linux
system-macos = macOS
system-windows = Windows
system-other = otro sistema

## Quien solo puede leer

contact-read-only = Puede ver este contacto, pero no cambiar nada. Pida a un administrador que lo cambie.

## Llaves de acceso

second-password-first = Primero elija un correo electrónico y una contraseña. El segundo paso va detrás de ellos.
passkeys-title = Llaves de acceso
passkeys-what = Después de su contraseña, entre con su huella, su rostro o una llave de seguridad. Sin códigos que escribir ni nada que una página copiada pueda robar.
passkeys-none = Aún no tiene llaves de acceso.
passkeys-not-here = Este navegador no puede crear llaves de acceso. Use uno más nuevo para agregarlas.
passkeys-password-first = Primero elija un correo electrónico y una contraseña. La llave de acceso va junto a ellos.
passkeys-full = Tiene tantas llaves de acceso como admite una cuenta. Quite una primero.
passkey-add = Agregar una llave de acceso
passkey-add-what = Ahora le preguntará su navegador. Aquí su sesión sigue abierta; en los demás lugares se cierra.
passkey-waiting = Esperando a su navegador…
passkey-name = Nombre de la llave de acceso
passkey-name-hint = Por ejemplo, Mi teléfono. Es solo para usted.
passkey-name-wrong = Dele un nombre a la llave, de 1 a 100 letras.
passkey-too-late = Tardó demasiado. Empiece de nuevo.
passkey-dismissed = Su navegador no recibió respuesta. Inténtelo de nuevo.
passkey-known = Este dispositivo ya está entre sus llaves de acceso.
passkey-failed = No funcionó. Inténtelo de nuevo o use otro dispositivo.
passkey-unused = Agregada: { $added } · aún sin usar
passkey-used = Agregada: { $added } · último uso: { $used }
passkey-rename = Cambiar nombre
passkey-rename-of = Cambiar el nombre de { $name }
passkey-rename-ask = Cambiar el nombre de esta llave
passkey-remove = Quitar
passkey-remove-of = Quitar { $name }
passkey-remove-ask = ¿Quitar «{ $name }»?
passkey-remove-what = Ya no le dejará entrar. Aquí su sesión sigue abierta; en los demás lugares se cierra.
passkey-distrusted = Desactivada
passkey-distrusted-what = Se usó algo que parece una copia de ella, así que no deja entrar a nadie. Quítela y agregue una nueva.

second-step-passkey = Usar una llave de acceso
second-step-passkey-what = Su cuenta está protegida con una llave de acceso.
second-step-passkey-busy = Esperando a su navegador…
second-step-or = O escriba un código
second-step-passkey-code = Uno de los códigos que guardó.
second-step-passkey-wrong = Esa llave de acceso no funcionó. Inténtelo de nuevo o use un código.
second-step-passkey-not-here = Este navegador no puede usar llaves de acceso. Escriba uno de sus códigos.
