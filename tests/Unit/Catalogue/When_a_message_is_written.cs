using Quorate.Contracts;
using Quorate.Contracts.Catalogue;

namespace Quorate.Tests.Unit.Catalogue;

public sealed class When_a_message_is_written
{
    [Fact]
    public void The_number_comes_first_and_holes_are_filled_from_the_left()
    {
        Assert.Equal(
            "#33: Unable to obtain cluster lock: connection lost",
            MessageText.Format(CatalogueMessage.EvaluationLockFailed, "connection lost"));
        Assert.Equal(
            "#2: Service service:web returned failure code.  Last owner: n1",
            MessageText.Format(CatalogueMessage.ServiceFailed, new ServiceName("service:web"), new NodeName("n1")));
    }

    /// <summary>Source: message #55, which has two texts; #69, whose hole is a choice.</summary>
    [Fact]
    public void Both_texts_of_55_print_as_55_and_a_choice_is_a_hole()
    {
        Assert.Equal("#55: Failed changing RG status", MessageText.Format(CatalogueMessage.StopEndStateNotWritten));
        Assert.Equal("#55: Unable to obtain cluster lock: timeout", MessageText.Format(CatalogueMessage.MarkFailedLockFailed, "timeout"));
        Assert.Equal("#69: Unclean stop of service:web", MessageText.Format(CatalogueMessage.UncleanStop, "stop", "service:web"));
    }

    [Fact]
    public void Something_unknown_is_written_as_none()
    {
        Assert.Equal(
            "#2: Service service:web returned failure code.  Last owner: none",
            MessageText.Format(CatalogueMessage.ServiceFailed, "service:web", null));
    }

    [Fact]
    public void A_value_that_looks_like_a_hole_is_left_as_it_is()
    {
        Assert.Equal(
            "#30: Node <domain> defined multiple times in domain {Node}",
            MessageText.Format(CatalogueMessage.NodeTwiceInDomain, "<domain>", "{Node}"));
    }

    [Fact]
    public void A_value_with_line_breaks_stays_on_one_line_and_a_huge_one_is_cut()
    {
        string written = MessageText.Format(CatalogueMessage.EvaluationLockFailed, "one\ntwo\u001b" + new string('x', 5000));

        Assert.StartsWith("#33: Unable to obtain cluster lock: one two xxx", written, StringComparison.Ordinal);
        Assert.EndsWith("x…", written, StringComparison.Ordinal);
        Assert.Equal("#33: Unable to obtain cluster lock: ".Length + MessageText.ValueLengthMax + 1, written.Length);
    }

    [Fact]
    public void The_wrong_number_of_values_is_refused_by_saying_both()
    {
        var refused = Assert.Throws<ArgumentException>(() => MessageText.Format(CatalogueMessage.ServiceFailed, "service:web"));

        Assert.Contains("2 holes", refused.Message, StringComparison.Ordinal);
        Assert.Contains("1 values", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_template_has_the_same_wording_with_named_holes()
    {
        Assert.Equal(
            "#2: Service {Service} returned failure code.  Last owner: {LastOwner}",
            MessageCatalogue.Of(CatalogueMessage.ServiceFailed).LogTemplate);
        Assert.Equal("#69: Unclean {Action} of {Service}", MessageCatalogue.Of(CatalogueMessage.UncleanStop).LogTemplate);
        Assert.Equal("#1: Quorum Dissolved", MessageCatalogue.Of(CatalogueMessage.QuorumDissolved).LogTemplate);
    }

    [Fact]
    public void A_name_without_a_definition_is_a_broken_invariant()
    {
        Assert.Throws<InvariantViolation>(() => MessageCatalogue.Of((CatalogueMessage)76));
    }
}
