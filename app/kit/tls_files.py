"""Where the installation's own certificates lie; apart, because making them loads a lot."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TlsFiles:
    """Where the parts lie: ``<data directory>/tls``, readable by the owner only."""

    folder: Path

    @property
    def authority(self) -> Path:
        return self.folder / "authority.crt"

    @property
    def authority_key(self) -> Path:
        return self.folder / "authority.key"

    @property
    def certificate(self) -> Path:
        return self.folder / "server.crt"

    @property
    def key(self) -> Path:
        return self.folder / "server.key"


def tls_files(data_dir: Path) -> TlsFiles:
    return TlsFiles(data_dir / "tls")
