using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Cli.Demo.Live;

/// <summary>What the keys mean. Pure: a key and what was pressed before in, an action or a new selection out.</summary>
/// <param name="Selected">Which service the commands are about, from 0.</param>
/// <param name="Prefix"><c>k</c> or <c>r</c> while the number of a node is expected; else null.</param>
internal sealed record Keyboard(int Selected, char? Prefix)
{
    /// <summary>All keys in one line.</summary>
    public const string Keys = "k 1-3 cut a node's power   r 1-3 give it back   up/down choose a service: "
        + "e enable  d disable  s stop  R restart  m relocate  f kill its daemon   q quit";

    /// <summary>Nothing was pressed yet.</summary>
    public static Keyboard Initial { get; } = new(0, null);

    /// <summary>Takes one key.</summary>
    /// <param name="key">As the console gives it.</param>
    /// <param name="services">As they are shown.</param>
    /// <param name="nodes">In the order of their numbers.</param>
    /// <returns>The keyboard after it, and what to do; null for nothing.</returns>
    public (Keyboard Next, LiveAction? Action) Press(ConsoleKeyInfo key, ImmutableArray<ServiceName> services, ImmutableArray<NodeName> nodes)
    {
        if (key.KeyChar is 'q' || (key is { Key: ConsoleKey.C } && key.Modifiers.HasFlag(ConsoleModifiers.Control)))
        {
            return (this, new LiveAction.Quit());
        }

        if (Prefix is { } prefix && char.IsAsciiDigit(key.KeyChar))
        {
            int index = key.KeyChar - '1';
            LiveAction? action = index < 0 || index >= nodes.Length ? null
                : prefix == 'k' ? new LiveAction.CutPower(nodes[index])
                : new LiveAction.Revive(nodes[index]);
            return (this with { Prefix = null }, action);
        }

        if (key.KeyChar is 'k' or 'r')
        {
            return (this with { Prefix = key.KeyChar }, null);
        }

        Keyboard plain = this with { Prefix = null };
        if (services.IsEmpty)
        {
            return (plain, null);
        }

        int selected = Math.Clamp(Selected, 0, services.Length - 1);
        return key.Key switch
        {
            ConsoleKey.UpArrow => (plain with { Selected = (selected + services.Length - 1) % services.Length }, null),
            ConsoleKey.DownArrow or ConsoleKey.Tab => (plain with { Selected = (selected + 1) % services.Length }, null),
            _ => (plain with { Selected = selected }, ActionOf(key.KeyChar, services[selected])),
        };
    }

    private static LiveAction? ActionOf(char key, ServiceName service) => key switch
    {
        'e' => new LiveAction.Order(service, "enable"),
        'd' => new LiveAction.Order(service, "disable"),
        's' => new LiveAction.Order(service, "stop"),
        'R' => new LiveAction.Order(service, "restart"),
        'm' => new LiveAction.Order(service, "relocate"),
        'f' => new LiveAction.Break(service),
        _ => null,
    };
}
