using System.Collections.Immutable;

namespace Quorate.Contracts.Catalogue;

/// <summary>
/// One numbered message: what it says, how bad it is, why it happens and what to do. The template is the wording operators have known
/// since rgmanager; cause and remedy are about Quorate.
/// </summary>
/// <remarks>
/// A template marks what varies with angle brackets (<c>Service &lt;name&gt; returned</c>) or, in one message, with a choice in square
/// brackets (<c>[stop|disable]</c>). These are its holes, numbered from the left; <see cref="Holes"/> gives each one the name under which
/// it is logged. <see cref="LogTemplate"/> is the template with the holes written as a logger wants them.
/// </remarks>
public sealed record MessageDefinition
{
    /// <summary>How far apart the values of <see cref="CatalogueMessage"/> are for two texts of one number.</summary>
    public const int VariantStep = 10_000;

    internal MessageDefinition(
        CatalogueMessage id,
        MessageSeverity severity,
        MessageComponent component,
        string template,
        ImmutableArray<string> holes,
        string cause,
        string remedy)
    {
        if (MessageTemplate.CountHoles(template) != holes.Length)
        {
            throw new InvariantViolation($"{id}: the template has {MessageTemplate.CountHoles(template)} holes, {holes.Length} are named");
        }

        Id = id;
        Severity = severity;
        Component = component;
        Template = template;
        Holes = holes;
        Cause = cause;
        Remedy = remedy;
    }

    /// <summary>The name, and the log event id.</summary>
    public CatalogueMessage Id { get; }

    /// <summary>The number an operator sees after '#': 1 to 75, or from 1000 for our own.</summary>
    public int Number => (int)Id % VariantStep;

    /// <summary>0 for the only or first text of a number, 1 for the second text of #55.</summary>
    public int Variant => (int)Id / VariantStep;

    /// <summary>The name as text; unique, and stable like the number.</summary>
    public string Name => Id.ToString();

    /// <summary>How bad it is.</summary>
    public MessageSeverity Severity { get; }

    /// <summary>Which part of Quorate raises it first.</summary>
    public MessageComponent Component { get; }

    /// <summary>The wording without the leading <c>#N: </c>, on one line.</summary>
    public string Template { get; }

    /// <summary>The names of the template's holes from the left, <c>PascalCase</c>; empty when nothing varies.</summary>
    public ImmutableArray<string> Holes { get; }

    /// <summary>What happened, in whole sentences.</summary>
    public string Cause { get; }

    /// <summary>What a person should do, in whole sentences.</summary>
    public string Remedy { get; }

    /// <summary>Null as a rule; otherwise why this message can no longer happen.</summary>
    public string? WhyImpossible { get; init; }

    /// <summary>False for a number that is kept only so that it can be explained.</summary>
    public bool IsPossible => WhyImpossible is null;

    /// <summary>Number and wording as they stand in a list: <c>#33: Unable to obtain cluster lock: &lt;error&gt;</c>.</summary>
    public string Headline => $"#{Number}: {Template}";

    /// <summary>The message of a <c>[LoggerMessage]</c>: <c>#33: Unable to obtain cluster lock: {Error}</c>.</summary>
    public string LogTemplate => $"#{Number}: {MessageTemplate.Fill(Template, [.. Holes.Select(hole => $"{{{hole}}}")])}";
}
