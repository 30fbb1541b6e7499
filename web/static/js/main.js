import "./vendor/htmx.esm.min.js";
import "./vendor/hx-sse.min.js";
import { CameraScanner } from "./elements/camera-scanner.js";
import { FeedbackPlayer } from "./elements/feedback-player.js";
import { KeyPad } from "./elements/key-pad.js";
import { OutboxBadge } from "./elements/outbox-badge.js";
import { PhotoScanner } from "./elements/photo-scanner.js";
import { ScanField } from "./elements/scan-field.js";
import { SoundToggle } from "./elements/sound-toggle.js";
import { watchForms } from "./lib/command-forms.js";
import { watchMenus } from "./lib/menus.js";
import { watchOutbox } from "./outbox.js";

watchOutbox();
watchForms();
watchMenus();

customElements.define("feedback-player", FeedbackPlayer);
customElements.define("outbox-badge", OutboxBadge);
customElements.define("sound-toggle", SoundToggle);
customElements.define("scan-field", ScanField);
customElements.define("camera-scanner", CameraScanner);
customElements.define("photo-scanner", PhotoScanner);
customElements.define("key-pad", KeyPad);

// The worker of the site lives at its root; the build in its address makes each build a new one.
const base = new URL("../", import.meta.url).pathname;
navigator.serviceWorker?.register(`/sw.js?base=${encodeURIComponent(base)}`).catch(() => {});
