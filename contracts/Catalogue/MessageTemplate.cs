using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Quorate.Contracts.Catalogue;

/// <summary>Finds and fills the holes of a template: <c>&lt;name&gt;</c> and <c>[one|other]</c>.</summary>
internal static partial class MessageTemplate
{
    /// <summary>How many holes a template has.</summary>
    public static int CountHoles(string template) => Hole().Count(template);

    /// <summary>Puts one value into each hole, from the left. What is put in is not looked at again for holes.</summary>
    /// <exception cref="ArgumentException">The number of values is not the number of holes.</exception>
    public static string Fill(string template, ImmutableArray<string> values)
    {
        int holes = CountHoles(template);
        if (values.Length != holes)
        {
            throw new ArgumentException($"the message \"{template}\" has {holes} holes, {values.Length} values were given", nameof(values));
        }

        int next = 0;
        return Hole().Replace(template, _ => values[next++]);
    }

    [GeneratedRegex(@"<[a-z_]+>|\[[a-z]+(?:\|[a-z]+)+\]", RegexOptions.CultureInvariant)]
    private static partial Regex Hole();
}
