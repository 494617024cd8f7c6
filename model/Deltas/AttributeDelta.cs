namespace Quorate.Model.Deltas;

/// <summary>One attribute whose value differs.</summary>
/// <param name="Name">The attribute's name.</param>
/// <param name="Before">The old value, a default included; null where there was none.</param>
/// <param name="After">The new value, a default included; null where there is none.</param>
/// <param name="IsReconfigurable">True where the type says that it may change while the resource runs.</param>
public sealed record AttributeDelta(string Name, string? Before, string? After, bool IsReconfigurable)
{
    private const int ValueShownMax = 60;

    /// <summary>What stands in the name of an attribute whose value must not be shown, as in what fence agents print.</summary>
    private static readonly string[] Secrets = ["passw", "secret", "token", "key", "community", "pin"];

    /// <summary>The difference in words, without secrets: <c>device was "/dev/a", now "/dev/b"</c>.</summary>
    public string Text => (Before, After) switch
    {
        _ when Array.Exists(Secrets, word => Name.Contains(word, StringComparison.OrdinalIgnoreCase)) => $"{Name} changed",
        (null, _) => $"{Name}=\"{Shown(After)}\" was added",
        (_, null) => $"{Name}=\"{Shown(Before)}\" was removed",
        _ => $"{Name} was \"{Shown(Before)}\", now \"{Shown(After)}\"",
    };

    private static string? Shown(string? value) => value?.Length > ValueShownMax ? $"{value[..ValueShownMax]}..." : value;
}
