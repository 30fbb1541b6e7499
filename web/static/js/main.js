import "./vendor/htmx.esm.min.js";
import { CameraScanner } from "./elements/camera-scanner.js";
import { FeedbackPlayer } from "./elements/feedback-player.js";
import { KeyPad } from "./elements/key-pad.js";
import { OutboxBadge } from "./elements/outbox-badge.js";
import { PhotoScanner } from "./elements/photo-scanner.js";
import { QueueChip } from "./elements/queue-chip.js";
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
customElements.define("queue-chip", QueueChip);
customElements.define("sound-toggle", SoundToggle);
customElements.define("scan-field", ScanField);
customElements.define("camera-scanner", CameraScanner);
customElements.define("photo-scanner", PhotoScanner);
customElements.define("key-pad", KeyPad);

// Work without network comes behind the page itself: the first scan waits for none of it.
window.addEventListener("load", () => import("./offline/start.js"));
// Screens that change by themselves, too.
window.addEventListener("load", () => import("./live/start.js"));
