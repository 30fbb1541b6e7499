"""What printing refuses, in words for the person who wanted the paper."""

from printing.texts import Language, phrase


class LabelError(ValueError):
    """Data that can't become readable paper.

    `code` names the refusal (a key of `printing.texts`), `data` holds the words and numbers of
    its sentence. `text(language)` says what is wrong and what to do; `str(error)` is English.
    """

    def __init__(self, code: str, **data: object) -> None:
        self.code = code
        self.data = data
        super().__init__(self.text("en"))

    def text(self, language: Language) -> str:
        """The refusal as a sentence with its advice."""
        return phrase(f"error_{self.code}", language, **self.data)
