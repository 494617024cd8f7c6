using System.Collections.Immutable;
using Quorate.Cli.Demo;
using Quorate.Cli.Demo.Live;
using Quorate.Contracts;

namespace Quorate.Tests.Unit.Demo;

/// <summary>Source: issue "The backbone", deliverable 7: nodes are killed and revived, and commands issued, by keys.</summary>
public sealed class When_a_key_is_pressed
{
    private static readonly ImmutableArray<ServiceName> Services = [new("service:mail"), new("service:web")];
    private static readonly ImmutableArray<NodeName> Nodes = [new("n1"), new("n2"), new("n3")];

    [Fact]
    public void K_and_a_number_cut_the_power_of_that_node()
    {
        Assert.Equal(new LiveAction.CutPower(new NodeName("n2")), Press("k2"));
    }

    [Fact]
    public void R_and_a_number_give_it_back()
    {
        Assert.Equal(new LiveAction.Revive(new NodeName("n3")), Press("r3"));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("k4")]
    [InlineData("k0")]
    [InlineData("kx2")]
    [InlineData("x")]
    public void What_means_nothing_does_nothing(string keys)
    {
        Assert.Null(Press(keys));
    }

    [Theory]
    [InlineData("e", "enable")]
    [InlineData("d", "disable")]
    [InlineData("s", "stop")]
    [InlineData("R", "restart")]
    [InlineData("m", "relocate")]
    public void Commands_are_about_the_selected_service(string key, string verb)
    {
        Assert.Equal(new LiveAction.Order(new ServiceName("service:mail"), verb), Press(key));
        Assert.Equal(new LiveAction.Order(new ServiceName("service:web"), verb), Press($"v{key}"));
        Assert.Equal(new LiveAction.Order(new ServiceName("service:mail"), verb), Press($"vv{key}"));
    }

    [Fact]
    public void F_breaks_the_selected_service()
    {
        Assert.Equal(new LiveAction.Break(new ServiceName("service:web")), Press("^f"));
    }

    [Fact]
    public void Q_and_control_C_end_it()
    {
        ConsoleKeyInfo interrupt = new('\u0003', ConsoleKey.C, shift: false, alt: false, control: true);

        Assert.IsType<LiveAction.Quit>(Press("kq"));
        Assert.IsType<LiveAction.Quit>(Keyboard.Initial.Press(interrupt, Services, Nodes).Action);
    }

    [Fact]
    public void Nothing_can_be_ordered_before_the_cluster_has_services()
    {
        ConsoleKeyInfo key = new('d', ConsoleKey.D, shift: false, alt: false, control: false);

        Assert.Null(Keyboard.Initial.Press(key, [], Nodes).Action);
    }

    /// <summary>Presses one key after the other, <c>v</c> and <c>^</c> being the arrows; what the last one did.</summary>
    private static LiveAction? Press(string keys)
    {
        (Keyboard keyboard, LiveAction? action) = (Keyboard.Initial, null);
        foreach (char key in keys)
        {
            ConsoleKeyInfo pressed = key switch
            {
                'v' => new ConsoleKeyInfo('\0', ConsoleKey.DownArrow, shift: false, alt: false, control: false),
                '^' => new ConsoleKeyInfo('\0', ConsoleKey.UpArrow, shift: false, alt: false, control: false),
                _ => new ConsoleKeyInfo(key, ConsoleKey.None, char.IsAsciiLetterUpper(key), alt: false, control: false),
            };
            (keyboard, action) = keyboard.Press(pressed, Services, Nodes);
        }

        return action;
    }
}
