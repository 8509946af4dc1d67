"""The editors' screens: rules for names, and places without links."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from links.forms import RuleForm, SuppressionForm
from links.models import NameRule, Suppression


class NameRuleViewSet(SnippetViewSet):
    """When the names of an entry are linked."""

    model = NameRule
    icon = "link"
    menu_label = _("Rules for names")
    menu_name = "name-rules"
    copy_view_enabled = False
    list_display = ["__str__", "key", "language", "mode", "priority", "reason"]
    list_filter = ["mode", "language"]
    search_backend_name = None
    search_fields = ["key", "phrase", "reason"]
    edit_handler = ObjectList(
        [
            FieldPanel("key"),
            FieldRowPanel([FieldPanel("phrase"), FieldPanel("language")]),
            FieldRowPanel([FieldPanel("mode"), FieldPanel("priority")]),
            FieldPanel("context"),
            FieldPanel("reason"),
        ],
        base_form_class=RuleForm,
    )


class SuppressionViewSet(SnippetViewSet):
    """Where nothing is linked."""

    model = Suppression
    icon = "cross"
    menu_label = _("Places without links")
    menu_name = "link-suppressions"
    copy_view_enabled = False
    list_display = ["__str__", "passage", "reason", "user", "created_at"]
    search_backend_name = None
    search_fields = ["source", "target", "passage", "reason"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("source"), FieldPanel("target")]),
            FieldPanel("passage"),
            FieldPanel("reason"),
        ],
        base_form_class=SuppressionForm,
    )


class LinksGroup(SnippetViewSetGroup):
    """The menu of links in texts."""

    items = (NameRuleViewSet, SuppressionViewSet)
    menu_label = _("Links in texts")
    menu_icon = "link"
    menu_name = "links"
    menu_order = 215


register_snippet(LinksGroup)
