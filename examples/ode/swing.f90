! A pendulum let go at 2 rad swings for 20 s: once by its law, once by what a network learned of it.
program swing
  use pendulum_model, only: wp => pendulum_kind, pendulum_predict, pendulum_jacobian, pendulum_ok
  implicit none
  real(wp), parameter :: step = 0.05_wp
  real(wp) :: law(2), learned(2), acceleration(1), slopes(1, 2), apart
  integer :: i, status

  law = [2.0_wp, 0.0_wp]
  learned = law
  apart = 0
  do i = 1, 400
    law = law + advance(law, by_law=.true.)
    learned = learned + advance(learned, by_law=.false.)
    apart = max(apart, maxval(abs(learned - law)))
  end do
  print "(a, 2f9.4)", "after 20 s, by its law:  ", law
  print "(a, 2f9.4)", "after 20 s, as learned:  ", learned
  print "(a, es9.1)", "largest difference:      ", apart
  call pendulum_jacobian([0.0_wp, 0.0_wp], acceleration, slopes, status)
  print "(a, 2f9.4)", "slopes at rest (-1, -0.1):", slopes

contains

  ! One step of the classical Runge-Kutta method.
  function advance(state, by_law) result(change)
    real(wp), intent(in) :: state(2)
    logical, intent(in) :: by_law
    real(wp) :: change(2), k_1(2), k_2(2), k_3(2), k_4(2)

    k_1 = rates(state, by_law)
    k_2 = rates(state + step / 2 * k_1, by_law)
    k_3 = rates(state + step / 2 * k_2, by_law)
    k_4 = rates(state + step * k_3, by_law)
    change = step / 6 * (k_1 + 2 * k_2 + 2 * k_3 + k_4)
  end function advance

  ! How fast angle and speed change.
  function rates(state, by_law) result(rate)
    real(wp), intent(in) :: state(2)
    logical, intent(in) :: by_law
    real(wp) :: rate(2)

    rate(1) = state(2)
    if (by_law) then
      rate(2) = -sin(state(1)) - 0.1_wp * state(2)
    else
      call pendulum_predict(state, rate(2:2), status)
      if (status /= pendulum_ok) error stop "the pendulum left the range that was learned"
    end if
  end function rates

end program swing
