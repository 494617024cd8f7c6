using System.Globalization;
using Quorate.Model.Resources;

namespace Quorate.Cli.RgTest;

/// <summary>Prints what is known of each resource type in the old tool's layout.</summary>
/// <remarks>Source: rgmanager.md 2.1 for what a rule is.</remarks>
internal static class RuleListing
{
    private const string None = "  - None -";

    /// <summary>Prints every type, by name.</summary>
    public static void Print(ResourceTypeCatalog types, TextWriter output)
    {
        ResourceListing listing = new(output);
        foreach (ResourceType type in types.Types)
        {
            listing.Line($"Resource Rules for \"{type.Name}\"");
            if (type.MaxInstances > 0)
            {
                listing.Line(string.Create(CultureInfo.InvariantCulture, $"Max instances: {type.MaxInstances}"));
            }

            listing.Agent(type);
            listing.Line("Attributes:");
            Lines(listing, type.Parameters.Select(Attribute));
            listing.Line("Actions:");
            Lines(listing, type.Actions.SelectMany(Action));
            listing.Line("Explicitly defined child resource types:");
            Lines(listing, type.Children.Select(Child));
            listing.Line("");
        }
    }

    private static void Lines(ResourceListing listing, IEnumerable<string> lines)
    {
        foreach (string line in lines.DefaultIfEmpty(None))
        {
            listing.Line(line);
        }
    }

    private static string Attribute(ResourceParameter parameter) =>
        $"  {parameter.Name}{(parameter.Default is { } value ? $" = {value}" : "")}{ResourceListing.Traits(parameter)}";

    private static IEnumerable<string> Action(ResourceAction action)
    {
        yield return $"  {action.Name}";
        if (action.Timeout > TimeSpan.Zero)
        {
            yield return $"    Timeout (hint): {Seconds(action.Timeout)} seconds";
        }

        if (action.Depth > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"    OCF Check Depth (status/monitor): {action.Depth}");
        }

        if (action.Interval > TimeSpan.Zero)
        {
            yield return $"    Check Interval: {Seconds(action.Interval)} seconds";
        }
    }

    private static string Child(ChildRule child)
    {
        string[] traits =
        [
            .. child.IsForbidden ? ["forbid"] : Array.Empty<string>(),
            .. child.StartLevel > 0 ? [string.Create(CultureInfo.InvariantCulture, $"startlevel = {child.StartLevel}")] : Array.Empty<string>(),
            .. child.StopLevel > 0 ? [string.Create(CultureInfo.InvariantCulture, $"stoplevel = {child.StopLevel}")] : Array.Empty<string>(),
        ];
        return traits.Length == 0 ? $"  {child.Type}" : $"  {child.Type} [ {string.Join(' ', traits)} ]";
    }

    private static string Seconds(TimeSpan length) => length.TotalSeconds.ToString(CultureInfo.InvariantCulture);
}
