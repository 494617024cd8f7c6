using System.Text;
using System.Text.Json;
using Quorate.Cli.Messages;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.Views;

namespace Quorate.Tests.Unit.House;

/// <summary>
/// docs/messages.md is what the catalogue says; nobody writes it by hand. <c>QUORATE_REWRITE=1</c> writes it anew: read the difference.
/// </summary>
public sealed class When_the_messages_are_documented
{
    private const string Introduction = """
        # Messages

        Generated from the catalogue in `contracts/Catalogue` by the test `When_the_messages_are_documented`; not written by hand. The numbers up to 75
        and their wording are those of rgmanager and its tools; those from 1000 on are Quorate's own. The same is on any machine without a cluster:
        `quorate messages`, `quorate explain 33`. In the logs of the services the number is the event id.

        Severities are those of syslog, the most urgent first: emergency, alert, critical, error, warning, notice, info. An alert wants somebody now.

        """;

    private static readonly string Document = Path.Combine(Repository.Root, "docs", "messages.md");

    [Fact]
    public void The_document_says_what_the_catalogue_says()
    {
        string now = Describe();
        if (Environment.GetEnvironmentVariable("QUORATE_REWRITE") == "1")
        {
            File.WriteAllText(Document, now);
        }

        Assert.Equal(now, File.Exists(Document) ? File.ReadAllText(Document).ReplaceLineEndings("\n") : "");
    }

    /// <summary>Source: issue 5, deliverable 1: every entry, the obsolete and the impossible ones too.</summary>
    [Fact]
    public void Every_message_has_a_cause_and_a_remedy_of_whole_sentences() => Assert.All(MessageCatalogue.All, message =>
    {
        Assert.All([message.Cause, message.Remedy], text => Assert.Matches("^[A-Z`\"].{18,}[.!?]$", text));
    });

    [Fact]
    public void The_JSON_has_every_text_with_all_of_its_fields()
    {
        using JsonDocument read = JsonDocument.Parse(MessagesCommand.Json(MessageCatalogue.All));

        Assert.Equal(MessageCatalogue.All.Length, read.RootElement.GetArrayLength());
        Assert.All(read.RootElement.EnumerateArray(), entry =>
        {
            Assert.Equal(JsonValueKind.Number, entry.GetProperty("number").ValueKind);
            Assert.Equal(JsonValueKind.Number, entry.GetProperty("variant").ValueKind);
            Assert.All(["severity", "template", "cause", "remedy", "component"], field => Assert.False(string.IsNullOrWhiteSpace(entry.GetProperty(field).GetString())));
            Assert.True(entry.GetProperty("possible").ValueKind is JsonValueKind.True or JsonValueKind.False);
        });
        Assert.Equal(Enumerable.Range(1, 75), read.RootElement.EnumerateArray().Select(entry => entry.GetProperty("number").GetInt32()).Where(number => number <= 75).Distinct());
        Assert.Equal(2, read.RootElement.EnumerateArray().Count(entry => entry.GetProperty("number").GetInt32() == 55));
    }

    [Theory]
    [InlineData("33", 1)]
    [InlineData("#33", 1)]
    [InlineData("55", 2)]
    [InlineData("999", 0)]
    [InlineData("x", 0)]
    [InlineData("-1", 0)]
    public void A_number_is_found_as_it_is_typed(string typed, int texts) => Assert.Equal(texts, MessagesCommand.Find(typed).Count);

    [Fact]
    public void An_explanation_says_what_it_is_why_and_what_to_do()
    {
        MessageDefinition message = MessageCatalogue.Of(CatalogueMessage.EvaluationLockFailed);

        string text = MessagesCommand.Text(message);

        Assert.StartsWith("#33: ", text, StringComparison.Ordinal);
        Assert.Contains(message.Cause, text, StringComparison.Ordinal);
        Assert.Contains(message.Remedy, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_last_occurrences_are_told_one_on_a_line()
    {
        MessageView message = new() { Id = 7, Number = 33, Text = "#33: x", At = DateTimeOffset.UnixEpoch, Component = "scheduler", Node = new("n1") };

        Assert.Matches("^Last in this cluster:\r?\n1[0-9]{3}-.*  scheduler n1  #33: x$", MessagesCommand.Occurrences([message]));
        Assert.Equal("It has not been raised in this cluster, as far as that is kept.", MessagesCommand.Occurrences([]));
    }

    private static string Describe()
    {
        StringBuilder text = new(Introduction.ReplaceLineEndings("\n"));
        foreach (MessageDefinition message in MessageCatalogue.All)
        {
            text.Append($"\n## {Escaped(message.Headline)}\n\n");
            text.Append($"{message.Severity.ToString().ToLowerInvariant()}, raised by {message.Component.ToString().ToLowerInvariant()}. {message.Cause}\n\n");
            if (message.WhyImpossible is { } why)
            {
                text.Append($"It cannot happen any more. {why}\n\n");
            }

            text.Append($"**What to do:** {message.Remedy}\n");
        }

        return text.ToString();
    }

    /// <summary>The angle brackets of a template are no HTML.</summary>
    private static string Escaped(string headline) => headline.Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
